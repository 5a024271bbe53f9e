"""Export: TFLite conversion and the bundle."""
