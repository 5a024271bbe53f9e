"""`moodstream completion`: completion of commands and options by the shell."""

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print a script that makes a shell complete commands and options.

    \b
    bash: moodstream completion bash > ~/.local/share/bash-completion/completions/moodstream
    zsh:  moodstream completion zsh > ~/.zfunc/_moodstream    (with ~/.zfunc in $fpath)
    fish: moodstream completion fish > ~/.config/fish/completions/moodstream.fish
    """  # noqa: D301 - click keeps the lines after a backspace
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - the argument is one of the known shells
    group = context.find_root().command
    click.echo(kind(group, {}, "moodstream", "_MOODSTREAM_COMPLETE").source())
