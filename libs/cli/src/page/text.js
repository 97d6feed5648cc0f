// Names, sizes and times as a person reads them.

// What a name may hold that shows nothing, or shows it elsewhere: control and format characters (not the joiners,
// which scripts and emoji need), separators of lines, halves of pairs. U+DC80 to U+DCFF stand for bytes that are not
// UTF-8.
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu;

function visible(name) {
  return name.replace(UNSEEN, (character) => {
    const code = character.codePointAt(0);
    const hex = (value, digits) => value.toString(16).padStart(digits, "0");
    if (code >= 0xdc80 && code <= 0xdcff) {
      return "\\x" + hex(code - 0xdc00, 2);
    }
    return code < 0x100 ? "\\x" + hex(code, 2) : "\\u{" + hex(code, 4) + "}";
  });
}

function shownName(name) {
  return name === "" ? "\u2423" : visible(name);
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB"];

function bytes(count) {
  let unit = 0;
  let value = Math.abs(count);
  while (value >= 1023.95 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const text = unit === 0 ? String(value) : value.toFixed(value < 9.995 ? 2 : 1);
  return (count < 0 ? "\u2212" : "") + text + "\u00a0" + UNITS[unit];
}

function signedBytes(count) {
  return count > 0 ? "+" + bytes(count) : bytes(count);
}

const NUMBER = new Intl.NumberFormat("en");

function number(count) {
  return NUMBER.format(count);
}

function plural(count, one, many) {
  return number(count) + "\u00a0" + (count === 1 ? one : many);
}

function exactBytes(count) {
  const exact = count >= 1024 && Number.isSafeInteger(count);
  return bytes(count) + (exact ? " (" + number(count) + ")" : "");
}

function when(seconds) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) {
    return "\u2014";
  }
  const two = (value) => String(value).padStart(2, "0");
  const day = date.getFullYear() + "-" + two(date.getMonth() + 1) + "-" + two(date.getDate());
  return day + " " + two(date.getHours()) + ":" + two(date.getMinutes());
}

function percent(part, whole) {
  const share = whole > 0 ? (part / whole) * 100 : 0;
  return (share > 0 && share < 0.1 ? "<0.1" : share.toFixed(1)) + "\u00a0%";
}

// An element with text or other elements in it: text never becomes markup.
function element(tag, properties, ...children) {
  const made = document.createElement(tag);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

function byId(id) {
  return document.getElementById(id);
}
