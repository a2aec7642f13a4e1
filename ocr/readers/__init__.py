"""Readers of text: each turns a cleaned page picture into words. One module per engine."""
