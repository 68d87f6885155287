// The tensor room and the graph room as a visitor reads them.

/** What the tensor room says of a tensor (`before`, `operand` or `after`). */
export async function tensor(lab, which) {
  const part = lab.part(`tensor-${which}`);
  const facts = await part.locator('[data-fact]').evaluateAll(
    (all) => Object.fromEntries(all.map((fact) => [fact.dataset.fact, fact.textContent])),
  );
  const text = await part.locator('[data-testid="tensor-text"]').textContent();
  const cells = await part.locator('.cell').allTextContents();
  return { ...facts, text: text.trim(), cells };
}

/** The numbers of a printed tensor. */
export function numbers(text) {
  return (text.match(/-?\d+\.?\d*(e[+-]?\d+)?/g) ?? []).map(Number);
}

/** The graph's nodes: what each box says, `null` for what is not reached yet and for the gradient that a constant has no line for. */
export async function nodes(lab) {
  const boxes = await lab.part('graph-svg').locator('.graph-node').evaluateAll((all) => all.map((box) => ({
    kind: box.dataset.kind,
    lit: box.dataset.lit,
    lines: [...box.querySelectorAll('text')].map((line) => line.textContent.trim()),
  })));
  const after = (line, word) => {
    const said = line.replace(`${word} `, '');
    return said === '…' ? null : said;
  };
  return boxes.map(({ kind, lit, lines: [title, below, value, gradient] }) => ({
    kind,
    lit,
    title,
    grad_fn: [title, below].map((line) => /\w+Backward0/.exec(line)?.[0]).find(Boolean) ?? null,
    shape: /\[.*\]/.exec(below)[0],
    value: after(value, 'value'),
    gradient: gradient === undefined ? null : after(gradient, 'grad'),
  }));
}

/** A number as the rooms write it: three decimals at most. */
export const short = (number) => String(Number(number.toFixed(3)));
