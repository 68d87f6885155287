"""The bench's steps in PyTorch, a line of JSON a task: python3 native_torch.py DATA WEIGHTS THREADS STEPS.

DATA is the folder of the gzipped IDX files, WEIGHTS the starting weights (float32, little endian, layer by layer). The form of the
lines is that of `kindling bench`.
"""
import gzip
import json
import sys
import time

import numpy
import torch
from torch import nn

data, weights, threads, steps = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)


def unpacked(name, head):
    with gzip.open(f"{data}/{name}") as file:
        return numpy.frombuffer(file.read(), dtype=numpy.uint8)[head:]


# What favours PyTorch: all pixels are normalised beforehand, and a batch is a view.
images = torch.from_numpy(unpacked("train-images-idx3-ubyte.gz", 16).reshape(-1, 784).astype(numpy.float32) / 255)
labels = torch.from_numpy(unpacked("train-labels-idx1-ubyte.gz", 8).astype(numpy.int64))
start = torch.from_numpy(numpy.fromfile(weights, dtype="<f4"))


def network():
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
    at = 0
    with torch.no_grad():
        for parameter in model.parameters():
            count = parameter.numel()
            parameter.copy_(start[at:at + count].view_as(parameter))
            at += count
    return model


class Rows:
    def __init__(self):
        self.row = 0

    def next(self, batch):
        if self.row + batch > len(images):
            self.row = 0
        rows = slice(self.row, self.row + batch)
        self.row += batch
        return images[rows], labels[rows]


def train(model, rows, batch, count, done):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    criterion = nn.CrossEntropyLoss()
    losses = []
    begun = time.perf_counter()
    for step in range(1, count + 1):
        x, target = rows.next(batch)
        loss = criterion(model(x), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 50 == 0 or step == count:
            losses.append({"step": done + step, "loss": loss.item()})
    return time.perf_counter() - begun, losses


def say(work, per_second, losses=()):
    print(json.dumps({"work": work, "per_second": per_second, "result": {"losses": list(losses)}}), flush=True)


for batch in (32, 64, 256):
    model, rows = network(), Rows()
    warm = max(1, steps // 5)
    _, losses = train(model, rows, batch, warm, 0)
    seconds, more = train(model, rows, batch, steps, warm)
    say({"task": "train", "batch": batch, "steps": steps}, steps / seconds, losses + more)

model, rows = network().eval(), Rows()
with torch.no_grad():
    for repetitions in (10, 40):
        begun = time.perf_counter()
        for _ in range(repetitions):
            logits = model(rows.next(1000)[0])
        seconds = time.perf_counter() - begun
say({"task": "infer", "batch": 1000, "repetitions": 40}, 40_000 / seconds)
