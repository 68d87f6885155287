// The two small rooms: tensors made, looked at and changed; recorded graphs walked forward and backward.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { journey } from './support/browser.mjs';
import { recordedHistory } from './support/golden.mjs';
import { open } from './support/lab.mjs';
import { nodes, numbers, short, tensor } from './support/rooms.mjs';

const random = JSON.parse(readFileSync(new URL('../golden/rng.json', import.meta.url), 'utf8')).seeds;

async function tensors(page) {
  const lab = await open(page, '#tensors');
  await lab.part('tensor-before').waitFor();
  return lab;
}

/** Types into the form's fields and shows the tensor; waits until its code is `code`. */
async function make(lab, source, fields, code) {
  await lab.part(`source-${source}`).click();
  for (const [name, value] of Object.entries(fields)) await lab.part(`tensor-${name}`).fill(value);
  await lab.part('tensor-show').click();
  await lab.says('tensor-code', code);
}

journey('tensors are made from zeros, ones, random numbers and typed values', {}, async ({ page }) => {
  const lab = await tensors(page);
  await make(lab, 'zeros', { shape: '2, 3' }, /torch\.zeros\(\(2, 3\)\)/);
  const zeros = await tensor(lab, 'before');
  assert.equal(zeros.text, 'tensor([[0., 0., 0.],\n        [0., 0., 0.]])');
  assert.deepEqual(
    [zeros.shape, zeros.dtype, zeros.stride, zeros.device, zeros.numel],
    ['[2, 3]', 'torch.float32', '[3, 1]', 'cpu', '6'],
  );
  assert.deepEqual(zeros.cells, ['0', '0', '0', '0', '0', '0']);

  await make(lab, 'ones', { shape: '4' }, /torch\.ones\(\(4,?\)\)/);
  assert.equal((await tensor(lab, 'before')).text, 'tensor([1., 1., 1., 1.])');

  // PyTorch prints four decimals; the recorded numbers have nine digits. Sixteen elements or more take another route.
  const printed = (recorded) => recorded.dec.map((value) => Number(value.toFixed(4)));
  for (const [seed, shape, recorded] of [
    ['42', '4, 5', 'randn(20)'], ['42', '5', 'randn(5)'], ['4294967303', '2, 1', 'randn(2)'],
  ]) {
    await make(lab, 'randn', { shape, seed }, new RegExp(`manual_seed\\(${seed}\\)[^]*randn\\(\\(${shape}`));
    assert.deepEqual(
      numbers((await tensor(lab, 'before')).text), printed(random[seed][recorded]), `${recorded}, seed ${seed}`,
    );
  }
  await make(lab, 'rand', { shape: '4, 5', seed: '123' }, /manual_seed\(123\)[^]*torch\.rand\(/);
  assert.deepEqual(numbers((await tensor(lab, 'before')).text), printed(random['123']['rand(20)']));

  await make(lab, 'tensor', { values: '[[1, 2, 3], [4, 5, 6]]' }, /torch\.tensor\(\[\[1, 2, 3\], \[4, 5, 6\]\]\)/);
  const typed = await tensor(lab, 'before');
  assert.deepEqual([typed.dtype, typed.text], ['torch.int64', 'tensor([[1, 2, 3],\n        [4, 5, 6]])']);
});

journey('an operation shows before and after, shared storage and all', {}, async ({ page }) => {
  const lab = await tensors(page);
  await make(lab, 'tensor', { values: '[[1., 2., 3.], [4., 5., 6.]]' }, /torch\.tensor/);
  await lab.part('operation').selectOption('t');
  await lab.part('tensor-after').waitFor();
  const [before, after] = [await tensor(lab, 'before'), await tensor(lab, 'after')];
  assert.deepEqual([before.shape, before.stride, before.contiguous], ['[2, 3]', '[3, 1]', 'yes']);
  assert.deepEqual([after.shape, after.stride, after.contiguous], ['[3, 2]', '[1, 3]', 'no']);
  assert.match(after.storage, /shared/);
  assert.equal(after.text, 'tensor([[1., 4.],\n        [2., 5.],\n        [3., 6.]])');
  assert.deepEqual(after.cells, ['1', '4', '2', '5', '3', '6']);

  await lab.part('operation').selectOption('matmul');
  await lab.part('argument-other').fill('[[1.], [0.], [2.]]');
  await lab.part('tensor-show').click();
  await lab.part('tensor-operand').waitFor();
  await lab.says('tensor-after', /16/);
  assert.equal((await tensor(lab, 'after')).text, 'tensor([[ 7.],\n        [16.]])');
  assert.match(await lab.text('operation-doc'), /matmul/);
  assert.match(await lab.text('tensor-code'), /matmul/);
});

journey('what cannot be made is said in PyTorch\'s words, and what was there stays', {}, async ({ page }) => {
  const lab = await tensors(page);
  await make(lab, 'ones', { shape: '2, 3' }, /torch\.ones\(\(2, 3\)\)/);
  await lab.part('operation').selectOption('matmul');
  await lab.part('argument-other').fill('[[1., 2.]]');
  await lab.part('tensor-show').click();
  await lab.says('tensor-problem', /mat1 and mat2 shapes cannot be multiplied \(2x3 and 1x2\)/);
  assert.equal((await tensor(lab, 'before')).shape, '[2, 3]');
  await lab.part('operation').selectOption('');
  await lab.part('tensor-shape').fill('3, -4');
  await lab.part('tensor-show').click();
  await lab.says('tensor-problem', /The shape has “-4” in it: type whole numbers/);
  await lab.part('source-tensor').click();
  await lab.part('tensor-values').fill('[[1, 2], [3');
  await lab.part('tensor-show').click();
  await lab.says('tensor-problem', /The values cannot be read at character \d+: found .+ where .+ should be/);
});

async function graph(page, example) {
  const lab = await open(page, '#graph');
  await lab.part('graph-svg').waitFor();
  if (example) {
    const drawn = await lab.text('graph-code');
    await lab.part(`example-${example}`).click();
    await page.waitForFunction(
      (old) => document.querySelector('[data-testid="graph-code"]').textContent.trim() !== old, drawn,
    );
  }
  return lab;
}

const steps = async (lab) => Number(/(\d+) steps/.exec(await lab.text('graph-step'))[1]);
const byTitle = async (lab) => Object.fromEntries((await nodes(lab)).map((node) => [node.title, node]));

journey('the chain rule is walked by buttons, forward and backward', {}, async ({ page }) => {
  const lab = await graph(page);
  assert.equal(await steps(lab), 8, 'four values and four gradients');
  const first = await byTitle(lab);
  assert.deepEqual(
    ['a', 'b', 'y'].map((name) => first[name].grad_fn), ['PowBackward0', 'SinBackward0', 'ExpBackward0'],
  );
  assert.ok(Object.values(first).every((node) => node.value === null && node.gradient === null), 'nothing is computed');
  assert.equal(await lab.part('graph-back').isDisabled(), true);

  const x = 1.5;
  const [a, b] = [x ** 2, Math.sin(x ** 2)];
  const y = Math.exp(b);
  const values = { x, a, b, y };
  for (const name of ['x', 'a', 'b', 'y']) {
    await lab.part('graph-next').click();
    const now = (await byTitle(lab))[name];
    assert.deepEqual([now.value, now.lit, now.gradient], [short(values[name]), 'forward', null]);
  }
  const gradients = { y: 1, b: y, a: y * Math.cos(a), x: y * Math.cos(a) * 2 * x };
  for (const name of ['y', 'b', 'a', 'x']) {
    await lab.part('graph-next').click();
    const now = (await byTitle(lab))[name];
    assert.deepEqual([now.gradient, now.lit], [short(gradients[name]), 'backward']);
    assert.ok((await lab.text('graph-rule')).includes(short(gradients[name])));
  }
  assert.equal(await lab.part('graph-next').isDisabled(), true);
  await lab.part('graph-back').click();
  assert.equal((await byTitle(lab)).x.gradient, null, 'a step back takes the gradient away');
  assert.match(await lab.text('graph-step'), /step 7 of 8 · backward/);
});

journey('x² follows its number, the arrow keys and Play', {}, async ({ page }) => {
  const lab = await graph(page, 'square');
  await lab.part('graph-x').fill('3');
  await lab.says('graph-code', /torch\.tensor\(3\.0, requires_grad=True\)/);
  await lab.part('graph-svg').click({ position: { x: 2, y: 2 } });
  for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowRight');
  const { x, y } = await byTitle(lab);
  assert.deepEqual([x.value, x.gradient, y.value, y.gradient, y.grad_fn], ['3', '6', '9', '1', 'PowBackward0']);
  for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowLeft');
  assert.match(await lab.text('graph-step'), /4 steps · not begun/);
  await lab.part('graph-play').click();
  await lab.says('graph-step', /step 4 of 4/);
  await lab.part('graph-x').fill('');
  await lab.says('graph-problem', /x cannot be read.*type a number/);
});

journey('a perceptron with binary cross entropy gives w and b their gradients', {}, async ({ page }) => {
  const lab = await graph(page, 'perceptron');
  const [x, y, w, b] = [1.5, 1, 0.8, -0.3];
  const p = 1 / (1 + Math.exp(-(w * x + b)));
  const all = await steps(lab);
  for (let step = 0; step < all; step += 1) await page.keyboard.press('ArrowRight');
  const seen = await byTitle(lab);
  assert.deepEqual(
    [seen.z.grad_fn, seen.p.grad_fn, seen.loss.grad_fn],
    ['AddBackward0', 'SigmoidBackward0', 'BinaryCrossEntropyBackward0'],
  );
  assert.deepEqual([seen.loss.value, seen.p.value], [short(-Math.log(p)), short(p)]);
  assert.deepEqual([seen.w.gradient, seen.b.gradient], [short((p - y) * x), short(p - y)]);
  assert.deepEqual([seen.x.kind, seen.x.gradient], ['constant', null], 'a constant gets no gradient');
});

journey('a training step of the network is drawn as it was recorded', {}, async ({ page }) => {
  const lab = await open(page);
  await lab.dataReady();
  await lab.part('room-graph').click();
  await lab.part('example-network').click();
  await lab.says('graph-code', /criterion\(logits, tb\)/);
  const all = await steps(lab);
  for (let step = 0; step < all; step += 1) await page.keyboard.press('ArrowRight');
  const seen = await nodes(lab);
  const called = (name) => seen.find((node) => node.title === name);
  const [first] = recordedHistory('baseline', 42);
  assert.equal(called('loss').value, short(first.first_batch_loss), 'the first batch\'s loss is PyTorch\'s');
  assert.deepEqual(
    ['0.weight', '2.weight', '4.weight', 'xb', 'logits'].map((name) => called(name).shape),
    ['[128, 784]', '[64, 128]', '[10, 64]', '[32, 784]', '[32, 10]'],
  );
  for (const leaf of seen.filter((node) => node.kind === 'leaf')) {
    assert.match(leaf.gradient ?? '', /\d/, `${leaf.title} has its gradient`);
  }
  const count = (name) => seen.filter((node) => node.grad_fn === name).length;
  assert.deepEqual(
    ['AddmmBackward0', 'ReluBackward0', 'TBackward0', 'LogSoftmaxBackward0', 'NllLossBackward0'].map(count),
    [3, 2, 3, 1, 1],
  );
  const shapes = seen.filter((node) => node.grad_fn === 'AddmmBackward0').map((node) => node.shape);
  assert.deepEqual(shapes, ['[32, 128]', '[32, 64]', '[32, 10]'], 'every operation has its shape');
  for (const node of seen.filter((one) => one.kind === 'operation')) {
    assert.match(node.value ?? '', /\d/, `${node.grad_fn} (${node.title}) has its value`);
  }
});
