// Music of several voices, as text: whose a line is, and the voices' bars side by side. Draws nothing.
const NAMED = /^(?:V:\s*|\[V:\s*)([A-Za-z0-9]{1,8})(?![A-Za-z0-9])([^\]]*)\]?(.*)$/;

/**
 * The same lines with each voice on a line of its own and nothing in it but its clef and the name of an instrument that
 * is known; as they are for one voice.
 */
export function withVoices(lines) {
  const names = new Set();
  const parted = lines.flatMap((line) => {
    const [, name, told, music] = line.match(NAMED) ?? [];
    if (!name) return [line];
    names.add(name);
    const clef = told.match(/\bclef=(treble|bass)\b/)?.[1];
    const player = told.match(/\bname="(Bass)"/)?.[0];
    return [["V:" + name, clef && `clef=${clef}`, player].filter(Boolean).join(" "), ...(music.trim() ? [music.trim()] : [])];
  });
  return names.size > 1 ? { lines: parted, names: [...names] } : { lines: lines.filter((line) => !line.startsWith("V:")), names: [] };
}

const nameOf = (line) => line.match(/^V:(\w+)/)?.[1];

/** What stands before the music, and each voice's bars; null where the text names no voices. `barsOf` cuts a line. */
export function partsOf(music, barsOf) {
  if (!/^V:/m.test(music)) return null;
  const lines = music.split("\n");
  const clefs = new Set(lines.filter((line) => line.startsWith("V:") && line.includes("clef=")));
  const start = lines.findIndex((line) => line.startsWith("K:")) + 1 || lines.length;
  const bars = new Map(lines.map(nameOf).filter(Boolean).map((name) => [name, []]));
  let [voice] = bars.keys();
  let change = "";
  for (const line of lines.slice(start)) {
    if (nameOf(line)) voice = nameOf(line);
    else if (/^[MLK]:/.test(line)) change += `[${line}]`;
    else {
      const cut = barsOf(line);
      if (cut.length) cut[0] = change + cut[0];
      bars.get(voice).push(...cut);
      change = "";
    }
  }
  const head = lines.slice(0, start).filter((line) => !nameOf(line));
  head.splice(-1, 0, ...clefs); // before the key, which ends the header
  return { head, bars };
}

/** Line under line, `count` bars of each voice, the first with one more where it opens with a pickup. */
export function sideBySide({ head, bars }, count, startsWithPickup) {
  const most = Math.max(...[...bars.values()].map((own) => own.length));
  const out = [...head];
  for (let at = 0, to = 0; at < most; at = to) {
    to = at + count + (at === 0 && startsWithPickup([...bars.values()][0]) ? 1 : 0);
    for (const [name, own] of bars) {
      if (at < own.length) out.push(`V:${name}`, own.slice(at, to).join(""));
    }
  }
  return out.join("\n");
}
