const WIDTH = 110;

/** A doc comment as lines of source, on one line where it fits. */
exports.commentLines = (comment, indent) => {
  const whole = `${indent}/** ${comment} */`;
  if (whole.length <= WIDTH) return [whole];
  const lines = [`${indent}/**`, `${indent} *`];
  for (const word of comment.split(' ')) {
    if (lines.at(-1).length + 1 + word.length > WIDTH) lines.push(`${indent} *`);
    lines[lines.length - 1] += ` ${word}`;
  }
  return [...lines, `${indent} */`];
};
