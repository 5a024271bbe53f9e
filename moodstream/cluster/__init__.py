"""Cluster: recordings analysed on many machines with Dask."""
