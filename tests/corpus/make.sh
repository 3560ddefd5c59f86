#!/bin/sh
# Makes the corpus again: a data set of 5 images of 4 x 6 pixels, plain and packed by gzip.
# Pixel p of the data set is 37 p mod 256; the labels are 9 0 3 0 9.
set -eu
cd "$(dirname "$0")"
mkdir -p plain packed

bytes() { # each argument, a number, as one byte
    for byte; do printf "\\$(printf %03o "$byte")"; done
}

{
    bytes 0 0 8 3 0 0 0 5 0 0 0 4 0 0 0 6
    p=0
    while [ "$p" -lt 120 ]; do bytes $((37 * p % 256)); p=$((p + 1)); done
} > plain/train-images-idx3-ubyte
bytes 0 0 8 1 0 0 0 5 9 0 3 0 9 > plain/train-labels-idx1-ubyte

for file in train-images-idx3-ubyte train-labels-idx1-ubyte; do
    gzip -9 -n < plain/$file > packed/$file.gz
done
