// Where on the staff each sound is. Read from the same events the sound is made of, so that cursor and sound
// agree on every repeat and ending. Times are in whole notes.

/** Every drawn note, rest and bar line of a voice, in the order written. `top` and `height` are of all its staves. */
function drawnElements(voice) {
  return voice.map(({ elem, top, height, line }) => ({
    type: elem.type,
    x: elem.x,
    right: elem.x + elem.w,
    top,
    height,
    line,
    startChar: elem.abcelem.startChar,
    elements: (elem.elemset ?? []).filter(Boolean),
  }));
}

/** Where the cursor may glide to while the element at `index` sounds, when the next sound is elsewhere. */
function barLineAfter(drawn, index) {
  for (let at = index + 1; at < drawn.length && drawn[at].line === drawn[index].line; at += 1) {
    if (drawn[at].type === "bar") return drawn[at].x;
  }
  return drawn[index].right;
}

/** One voice's sounding notes, each with where the cursor goes when the next sound is elsewhere. */
function soundsOf(voice, track) {
  const drawn = drawnElements(voice);
  const place = new Map();
  drawn.forEach((element, index) => {
    if (element.type === "note") place.set(element.startChar, index);
  });
  const notes = track.filter((event) => event.cmd === "note" && place.has(event.startChar));
  return notes.map(({ start, startChar }) => {
    const index = place.get(startChar);
    return { start, ...drawn[index], lineEnd: barLineAfter(drawn, index) };
  });
}

/** What begins together is one moment: the notes of a chord, and of all voices. */
function together(sounds) {
  const moments = [];
  for (const sound of sounds.sort((one, other) => one.start - other.start)) {
    const last = moments.at(-1);
    if (!last || sound.start - last.start > 1e-6) moments.push(sound);
    else last.elements = [...new Set([...last.elements, ...sound.elements])];
  }
  return moments;
}

/** Sounding notes in time: {start, x, to, right, top, height, line, elements}. */
export function timelineOf(tune) {
  const { tracks, totalDuration } = tune.setUpAudio({ chordsOff: true });
  const events = together(tune.makeVoicesArray().flatMap((voice, at) => soundsOf(voice, tracks[at] ?? [])));
  events.forEach((event, number) => {
    const next = events[number + 1];
    const onward = next && next.line === event.line && next.x > event.x;
    event.to = onward ? next.x : event.lineEnd;
    event.end = next ? next.start : totalDuration;
  });
  return { events, whole: totalDuration };
}

/** The event that sounds at `time`, by halving; -1 before the first. */
export function eventAt(events, time) {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle].start <= time + 1e-6) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The event drawn nearest to a point, on the line that holds the point; the first time it sounds. */
export function eventNear(events, x, y) {
  const inLine = events.filter(({ top, height }) => y > top - 24 && y < top + height + 24);
  const away = (event) => Math.abs((event.x + event.right) / 2 - x);
  return inLine.reduce((best, event) => (!best || away(event) < away(best) - 0.01 ? event : best), null);
}
