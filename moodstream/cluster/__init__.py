"""Cluster: recordings heard on many machines, by Dask."""
