"""Baseline: the student project that moodstream grew from, made again.

The project, "Music mood classification using CNNs and RNNs", trained a small CNN and an RNN to name
one of six moods. It used the songs of RAVDESS, split at random, and then asked both about pop
music. It reported 88.67 and 73.91 % accuracy, and one song of five right with each model. This room
repeats it with its faults: no normalisation, no augmentation, no validation set.

The report gives the layers of the CNN, its 500 epochs and the shares of both splits. The rest
follows usual tutorials of its time: RMSprop at 5e-5 with batches of 16 for the CNN; two LSTM layers
and a dense layer, Adam and batches of 32 for the RNN.
"""
