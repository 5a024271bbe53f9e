"""The project that this one grew from, made again as a baseline.

"Music mood classification using CNNs and RNNs": a small CNN and an RNN that name one of six moods,
trained on the songs of RAVDESS, split at random, and then asked about pop music. It reported 88.67
and 73.91 % accuracy, and named one song of five right with each. Here stands what such a project
has, faults included: nothing is normalised or augmented, and no validation set is held out.

What it reported settles the layers of the CNN, its 500 epochs and the shares of both splits. The
rest is the usual tutorial of its time: RMSprop at 5e-5 with batches of 16 for the CNN; two LSTM
layers and a dense one, Adam and batches of 32 for the RNN.
"""
