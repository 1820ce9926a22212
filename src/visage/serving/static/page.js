// The page at /: sends a photo to this server, draws the faces on it and lists them.
"use strict";

const byId = (id) => document.getElementById(id);
const MARK = { line: "#ffd54a", edge: "#000000", text: "#000000" };
const LARGEST = 1600; // pixels of the drawing's longer side; more would only cost the phone memory
let about = null;
let sending = null; // lets a new photo take the place of one that is on its way

function tell(status, error = "") {
  byId("status").textContent = status;
  byId("error").textContent = error;
}

function showAbout(found) {
  about = found;
  byId("key-row").hidden = !about.needs_key;
  const mib = Math.floor(about.max_bytes / 2 ** 20);
  const megapixels = Math.floor(about.max_pixels / 1e6);
  byId("limits").textContent = `At most ${mib} MiB and ${megapixels} megapixels.`;
  byId("about").textContent = `visage ${about.version}, model ${about.model.sha256.slice(0, 8)}.`;
  const coverage = about.model.age_coverage;
  if (coverage !== null) {
    byId("coverage").textContent =
      `The interval is made so that it holds the true age of ${Number((coverage * 100).toFixed(2))} % of ` +
      "faces like those that it was tried on. Your photos may be of another kind.";
  }
}

async function ask(photo, signal) {
  const form = new FormData();
  form.append("photo", photo, "photo"); // the file's own name stays here
  const key = byId("key").value;
  const headers = key ? { Authorization: `Bearer ${key}` } : {};
  const answer = await fetch("faces", { method: "POST", body: form, headers, signal });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.detail);
  return found;
}

function refusal(photo) {
  if (!about) return "";
  if (about.needs_key && !byId("key").value) return "Enter the API key of this server first.";
  if (photo.size > about.max_bytes) return "The photo's file is too large for this server.";
  return "";
}

async function show(photo) {
  if (sending) sending.abort();
  const refused = refusal(photo);
  byId("result").hidden = true;
  if (refused) return tell("", refused);
  const mine = (sending = new AbortController());
  tell("Looking for faces …");
  try {
    const found = await ask(photo, mine.signal);
    const image = await createImageBitmap(photo).catch(() => null);
    if (mine.signal.aborted) return; // what follows is at one go, so it is all of one photo
    draw(image, found);
    list(found.faces);
    byId("result").hidden = false;
    tell(count(found.faces.length));
    byId("result-title").focus();
  } catch (error) {
    if (mine.signal.aborted) return;
    const lost = error instanceof TypeError;
    tell("", lost ? "The server can’t be reached, or closed the connection." : error.message);
  }
}

const count = (n) => (n === 0 ? "No face was found." : n === 1 ? "1 face." : `${n} faces.`);
const years = (age) => (age === null ? "–" : String(Math.round(age)));
const interval = (face) =>
  face.age_low === null ? "–" : `${Math.round(face.age_low)} to ${Math.round(face.age_high)}`;
const looks = (face) => (face.gender === null ? "" : ["female", "male"][face.gender]);

function looksAndProbability(face) {
  if (face.gender === null) return "–";
  const shown = face.gender === 1 ? face.gender_probability : 1 - face.gender_probability;
  return `${looks(face)}, ${Math.round(shown * 100)} %`;
}

function label(face, number) {
  const age = face.age === null ? "" : years(face.age);
  const ages = face.age_low === null ? age : `${age} (${interval(face)})`;
  return `${number}${face.unfamiliar ? "?" : ""}: ${ages} ${looks(face)}`.trim();
}

function list(faces) {
  byId("caption").textContent = count(faces.length);
  const rows = faces.map((face, index) => {
    const row = document.createElement("tr");
    const number = `${index + 1}${face.unfamiliar ? " ?" : ""}`;
    for (const text of [number, years(face.age), interval(face), looksAndProbability(face)]) {
      row.insertCell().textContent = text;
    }
    return row;
  });
  byId("rows").replaceChildren(...rows);
  warn(faces);
}

function warn(faces) {
  const numbers = faces.flatMap((face, index) => (face.unfamiliar ? [index + 1] : []));
  const which = numbers.length === 1 ? `Face ${numbers[0]} does` : `Faces ${numbers.join(", ")} do`;
  byId("unfamiliar").textContent =
    `${which} not look like the faces that the model learnt from (marked “?”). ` +
    "Don’t rely on what it says there.";
  byId("unfamiliar").hidden = numbers.length === 0;
}

// The browser turns the photo upright as the server does, so that the boxes fit.
function draw(image, found) {
  const canvas = byId("canvas");
  const scale = Math.min(1, LARGEST / Math.max(found.width, found.height));
  canvas.width = Math.max(1, Math.round(found.width * scale));
  canvas.height = Math.max(1, Math.round(found.height * scale));
  const pen = canvas.getContext("2d");
  if (image) {
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
  } else {
    pen.fillStyle = "#777777"; // a format that this browser can't show, the server could
    pen.fillRect(0, 0, canvas.width, canvas.height);
  }
  found.faces.forEach((face, index) => mark(pen, face, { index, scale }));
}

function mark(pen, face, { index, scale }) {
  const [x0, y0, x1, y1] = [face.x0, face.y0, face.x1, face.y1].map((value) => value * scale);
  const size = Math.max(14, pen.canvas.width / 45);
  for (const [colour, width] of [[MARK.edge, size / 3], [MARK.line, size / 6]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.strokeRect(x0, y0, x1 - x0, y1 - y0);
  }
  const text = label(face, index + 1);
  pen.font = `600 ${size}px system-ui, sans-serif`;
  const wide = pen.measureText(text).width + size * 0.8;
  const left = Math.max(0, Math.min(x0, pen.canvas.width - wide));
  const top = y0 >= size * 1.5 ? y0 - size * 1.5 : Math.min(y1, pen.canvas.height - size * 1.5);
  pen.fillStyle = MARK.line;
  pen.fillRect(left, top, wide, size * 1.5);
  pen.fillStyle = MARK.text;
  pen.fillText(text, left + size * 0.4, top + size * 1.1);
}

for (const id of ["file", "camera"]) {
  byId(id).addEventListener("change", (event) => {
    const photo = event.target.files[0];
    if (photo) show(photo);
    event.target.value = ""; // so that the same photo can be chosen again
  });
}
const drop = byId("drop");
for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
  // On the whole window: a photo dropped beside the field must not replace the page.
  window.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", name === "dragenter" || name === "dragover");
  });
}
window.addEventListener("drop", (event) => {
  const photo = event.dataTransfer.files[0];
  if (photo) show(photo);
});
window.addEventListener("paste", (event) => {
  const photo = event.clipboardData.files[0];
  if (photo) show(photo);
});
byId("form").addEventListener("submit", (event) => event.preventDefault());
fetch("about").then((answer) => answer.json()).then(showAbout).catch(() => {
  tell("", "The server can’t be reached.");
});
