// Checks a Takeback proof bundle in the browser: the same steps as takeback_verify.py beside this file.
// No library, no network, no build. Needs Ed25519 in WebCrypto (all browsers since 2025).
"use strict";

(() => {
  const LOG = 1, WITNESS = 4, ZERO = new Uint8Array(32);
  const encode = (text) => new TextEncoder().encode(text);

  class Unreadable extends Error {}
  const need = (condition, sentence) => { if (!condition) throw new Unreadable(sentence); };

  // --- Bytes ---
  const joined = (...parts) => {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { all.set(part, at); at += part.length; }
    return all;
  };
  const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const same = (one, other) => Boolean(one && other) && hex(one) === hex(other);
  const big = (bytes) => BigInt("0x" + (hex(bytes) || "0"));
  const eight = (number) => unhex(BigInt(number).toString(16).padStart(16, "0"), 8);
  const to64 = (bytes) => btoa(String.fromCharCode(...bytes));

  // --- Reading: each value has exactly one spelling, so that no changed letter goes unnoticed ---
  const object = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const members = (value, ...names) => {
    const right = object(value) && Object.keys(value).sort().join() === [...names].sort().join();
    need(right, "an object with " + names.join(", ") + " is expected");
    return names.map((name) => value[name]);
  };
  const listed = (value) => { need(Array.isArray(value), "a list is expected"); return value; };
  const string = (value) => { need(typeof value === "string", "a text is expected"); return value; };
  const whole = (value) => { need(Number.isSafeInteger(value) && value >= 0, "a whole number is expected"); return value; };
  const unhex = (value, length = 32) => {
    need(string(value).length === 2 * length && /^[0-9a-f]*$/.test(value), length + " bytes in hexadecimal are expected");
    return Uint8Array.from({ length }, (_, at) => parseInt(value.slice(2 * at, 2 * at + 2), 16));
  };
  const unbase64 = (value, length = 32) => {
    let bytes = null;
    try { bytes = Uint8Array.from(atob(string(value)), (letter) => letter.charCodeAt(0)); } catch { /* not base64 */ }
    need(bytes && bytes.length === length && to64(bytes) === value, length + " bytes in base64 are expected");
    return bytes;
  };
  const parsed = (text) => {
    try { return JSON.parse(text); } catch (error) { throw new Unreadable("this is not JSON: " + error.message); }
  };

  // --- Signatures ---
  const keyOf = async (line) => {
    const [name, identity, ...rest] = string(line).trim().split("+");
    const blob = unbase64(rest.join("+"), 33);
    const named = (await sha256(encode(name + "\n"), blob)).slice(0, 4);
    need([LOG, WITNESS].includes(blob[0]) && hex(named) === identity, "this is no key of a log or a witness: " + line);
    return { name, named, kind: blob[0], key: blob.slice(1) };
  };
  const holds = async (key, signature, message) => {
    const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
  };
  const parts = (note) => {
    const at = note.lastIndexOf("\n\n");
    return at < 0 ? ["\n", note.split("\n")] : [note.slice(0, at) + "\n", note.slice(at + 2).replace(/\n$/, "").split("\n")];
  };
  const signedBy = async (note, key) => {
    const [text, lines] = parts(note), start = `\u2014 ${key.name} `;
    for (const line of lines.filter((one) => one.startsWith(start))) {
      const blob = unbase64(line.slice(start.length), key.kind === LOG ? 68 : 76);
      const seconds = big(blob.slice(4, -64));
      const message = key.kind === WITNESS ? `cosignature/v1\ntime ${seconds}\n${text}` : text;
      if (same(blob.slice(0, 4), key.named) && await holds(key.key, blob.slice(-64), encode(message))) {
        return key.kind === LOG ? 1n : seconds;
      }
    }
    return null;
  };
  const checkpoint = async (note, key) => {
    const lines = parts(string(note))[0].replace(/\n$/, "").split("\n"), right = note.includes("\n\n") && note.endsWith("\n");
    need(right && lines.length > 2 && lines.every(Boolean), "a checkpoint has three lines or more, an empty one, and signatures");
    need(/^(0|[1-9][0-9]{0,14})$/.test(lines[1]), "the second line of a checkpoint is the number of leaves");
    const root = unbase64(lines[2]);
    return lines[0] === key.name && await signedBy(note, key) !== null ? { size: Number(lines[1]), root } : null;
  };

  // --- The tree of the log (RFC 9162, 2.1.3.2 and 2.1.4.2); sizes stay below 2^53, so no bit operators ---
  const node = (left, right) => sha256([1], left, right);
  const odd = (number) => number % 2 === 1, half = (number) => Math.floor(number / 2);
  const rootOfLeaf = async (index, size, leaf, path) => {
    if (index >= size) return null;
    let place = index, last = size - 1, value = leaf;
    for (const step of path) {
      if (last === 0) return null;
      if (odd(place) || place === last) {
        value = await node(step, value);
        while (!odd(place) && place) { place = half(place); last = half(last); }
      } else {
        value = await node(value, step);
      }
      place = half(place); last = half(last);
    }
    return last === 0 ? value : null;
  };
  const grew = async (first, second, firstRoot, secondRoot, path) => {
    if (first < 1 || first > second) return false;
    if (first === second || !path.length) return first === second && !path.length && same(firstRoot, secondRoot);
    const power = Number.isInteger(Math.log2(first)) && 2 ** Math.round(Math.log2(first)) === first;
    const [begin, ...steps] = power ? [firstRoot, ...path] : path;
    let place = first - 1, last = second - 1, old = begin, now = begin;
    while (odd(place)) { place = half(place); last = half(last); }
    for (const step of steps) {
      if (last === 0) return false;
      if (odd(place) || place === last) {
        old = await node(step, old); now = await node(step, now);
        while (!odd(place) && place) { place = half(place); last = half(last); }
      } else {
        now = await node(now, step);
      }
      place = half(place); last = half(last);
    }
    return last === 0 && same(old, firstRoot) && same(now, secondRoot);
  };

  // --- The map of what is complete: a binary trie over the 63 bits of things' keys ---
  const keyOfThing = async (uri) => big((await sha256(encode(uri))).slice(0, 8)) >> 1n;
  const chain = async (key, leaves) => {
    let value = ZERO, number = 0;
    for (const leaf of leaves) { number += 1; value = await sha256([0], eight(key), eight(number), value, leaf); }
    return value;
  };
  const rootOfThing = async (key, end, path) => {
    const rising = path.every(([depth], at) => depth < 63 && (at === 0 || depth > path[at - 1][0]));
    need(rising, "the bits of a path rise from 0 to 62");
    let value = end;
    for (const [depth, other] of [...path].reverse()) {
      const right = (key >> BigInt(62 - depth)) & 1n;
      value = await sha256([1, depth], ...(right ? [other, value] : [value, other]));
    }
    return value;
  };

  // --- The checks ---
  class Check {
    constructor() { this.facts = []; this.problems = []; }
    expect(condition, id, values) { if (!condition) this.problems.push([id, values]); return Boolean(condition); }
    fact(id, values) { this.facts.push([id, values]); }

    async all(bundle, trusted, earlier, witnesses) {
      const [form, log, named, note, party, numbers, entries, growth, complete] = members(bundle, "format", "log",
        "witnesses", "checkpoint", "party", "numbers", "entries", "consistency", "completeness");
      need(form === "takeback-proof-bundle-v1", "this is a bundle of another form: " + form);
      this.key = await keyOf(trusted);
      this.party = string(party);
      this.expect(log === trusted, "otherKey");
      await this.signatures(note, listed(named).map(string), witnesses);
      const found = [];
      for (const entry of listed(entries)) found.push(await this.entry(entry));
      this.numbers(found, numbers);
      await this.growth(growth, earlier);
      if (complete !== null) await this.complete(found, complete);
      return this;
    }

    async signatures(note, named, witnesses) {
      const opened = await checkpoint(note, this.key);
      this.size = opened ? opened.size : 0;
      this.root = opened ? opened.root : ZERO;
      if (this.expect(opened, "unsigned")) this.fact("signed", { log: this.key.name, size: this.size });
      for (const line of named) {
        const key = await keyOf(line), moment = key.kind === WITNESS ? await signedBy(note, key) : null;
        if (this.expect(moment !== null, "unwitnessed", { name: line })) {
          const when = new Date(Number(moment < 1n << 37n ? moment : 1n << 37n) * 1000).toISOString();
          this.fact("witnessed", { name: key.name, when });
        }
      }
      const count = parts(note)[1].length;
      this.expect(count === 1 + named.length && new Set(named).size === named.length, "strangers");
      for (const line of new Set(witnesses)) {
        this.expect(await signedBy(note, await keyOf(line)) !== null, "unwitnessed", { name: line });
      }
    }

    async entry(value) {
      const [body, salt, personal, things, leaf, index, path] = members(value, "body", "salt", "personal", "things",
        "leaf", "index", "path");
      const said = parsed(string(leaf)), at = { index: whole(index) };
      need(object(said) && Number.isSafeInteger(said.number), "a leaf is an object with a number");
      this.expect(hex(await sha256(unhex(salt, 16), encode(string(body)))) === said.digest, "otherBody", at);
      this.expect(said.party === this.party, "otherParty", at);
      const pairs = listed(things).map((pair) => {
        need(listed(pair).length === 2 && whole(pair[1]) < 65536, "a thing has a key and roles");
        return [unhex(pair[0], 8), pair[1]];
      });
      const keys = pairs.map(([key]) => hex(key));
      need(keys.every((key, place) => place === 0 || key > keys[place - 1]), "things rise by their keys");
      if (said.v === 1) {
        this.expect(!pairs.length, "otherThings", at);
      } else {
        const content = joined(...pairs.map(([key, roles]) => joined(key, [roles >> 8, roles & 255])));
        this.expect(hex(await sha256(content)) === said.items, "otherThings", at);
      }
      for (const one of listed(personal)) {
        const [own, content] = members(one, "salt", "content");
        const digest = to64(await sha256(unhex(own, 16), encode(string(content))));
        const name = digest.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
        this.expect(body.includes(`"ni:///sha-256;${name}"`), "otherPersonal", at);
      }
      const hashed = await sha256([0], encode(leaf));
      const root = await rootOfLeaf(index, this.size, hashed, listed(path).map((step) => unbase64(step)));
      this.expect(same(root, this.root), "notUnder", at);
      return { index, leaf: hex(hashed), said, things: new Set(keys), body };
    }

    numbers(found, numbers) {
      const own = found.map((entry) => entry.said.number), distinct = new Set(own);
      this.expect(distinct.size === own.length, "twice");
      this.fact("entries", { count: found.length, party: this.party });
      if (numbers === null) return;
      need(listed(numbers).length === 2, "a run has two ends");
      const [first, last] = numbers.map(whole), inside = own.every((number) => number >= first && number <= last);
      if (this.expect(inside && distinct.size === last - first + 1, "gap", { first, last })) this.fact("run", { first, last });
    }

    async growth(growth, earlier) {
      if (!earlier) { this.expect(growth === null, "keptMissing"); return; }
      const before = await checkpoint(earlier, this.key);
      if (!this.expect(before, "keptUnsigned")) return;
      const [first, path] = growth === null ? [before.size, []] : members(growth, "first", "path");
      const steps = listed(path).map((step) => unbase64(step));
      const held = whole(first) === before.size && await grew(first, this.size, before.root, this.root, steps);
      if (this.expect(held, "forked")) this.fact("grew", { size: first });
    }

    async complete(found, complete) {
      const [uri, item, leaves, path, other, made] = members(complete, "uri", "item", "leaves", "path", "other", "map");
      const key = big(unhex(item, 8)), entry = await this.entry(made);
      this.expect(uri === null || await keyOfThing(string(uri)) === key, "otherThing", { uri });
      this.expect(entry.said.kind === "takeback:CompletenessMap", "noMap");
      const [form, size, count, root] = members(parsed(entry.body)["takeback:map"], "format", "size", "items", "root");
      need(form === "takeback-completeness-v1", "this is a map of another form: " + form);
      this.expect(whole(size) <= entry.index, "mapAhead");
      const steps = listed(path).map((step) => {
        need(listed(step).length === 2, "a step has two parts");
        return [whole(step[0]), unhex(step[1])];
      });
      const mine = listed(leaves).map((leaf) => unhex(leaf));
      let end;
      if (other === null) {
        need(mine.length || (count === 0 && !steps.length), "absence is shown by another thing, or by an empty map");
        end = await chain(key, mine);
        if (!mine.length) end = ZERO;
      } else {
        const [name, theirs] = members(other, "item", "leaves"), elsewhere = big(unhex(name, 8));
        need(!mine.length && listed(theirs).length && elsewhere !== key, "absence is shown by another thing's entries");
        end = await chain(elsewhere, theirs.map((leaf) => unhex(leaf)));
      }
      this.expect(same(await rootOfThing(key, end, steps), unhex(root)), "otherMap");
      const about = found.filter((one) => one.index < size && (one.things.has(item) || leaves.includes(one.leaf)));
      const here = about.sort((one, next) => one.index - next.index).map((one) => one.leaf);
      const missing = leaves.filter((leaf) => !here.includes(leaf)).length;
      this.expect(!missing, "withheld", { missing, count: leaves.length });
      if (this.expect(here.join() === leaves.join(), "otherEntries")) {
        this.fact(leaves.length ? "complete" : "absent", { name: uri || item, size, count: leaves.length });
      }
    }
  }

  /** Check a bundle's text. Returns {facts, problems, unreadable}: lists of [sentence, values], or why it cannot be read. */
  const check = async (text, key, earlier = "", witnesses = []) => {
    try {
      const { facts, problems } = await new Check().all(parsed(text), key.trim(), earlier, witnesses);
      return { facts, problems, unreadable: null };
    } catch (error) {
      return { facts: [], problems: [], unreadable: String(error.message || error) };
    }
  };

  // --- Sentences ---
  const WORDS = {
    title: ["Check a proof", "验证证明"],
    lead: ["Everything is computed on this page, in your browser. Nothing is sent anywhere. Save the page with its two files and it works without a network.",
      "所有计算都在本页、您的浏览器中完成，不会发送任何数据。将本页及其两个文件保存后，无需网络也能使用。"],
    key: ["The log's public key, from a source that you trust", "日志的公钥（请从您信任的来源获取）"],
    earlier: ["A checkpoint of the log that you kept (may stay empty)", "您保存的较早检查点（可留空）"],
    witnesses: ["Keys of witnesses that must have signed, one a line (may stay empty)", "必须已签名的见证方公钥，每行一个（可留空）"],
    drop: ["Drop the bundle here, or choose the file", "将证明包拖到此处，或选择文件"],
    good: ["Everything holds.", "全部验证通过。"],
    bad: ["This does NOT hold.", "验证未通过。"],
    broken: ["The file cannot be read as a proof.", "该文件无法作为证明读取。"],
    noKey: ["The key comes from the bundle itself: whoever forged one could forge the other.", "公钥取自证明包本身：伪造者也可能伪造公钥。"],
    otherKey: ["The bundle names another key of the log than yours.", "证明包中的日志公钥与您给出的不同。"],
    unsigned: ["The log's signature of the checkpoint does not hold.", "日志对检查点的签名无效。"],
    signed: ["The log {log} has signed a checkpoint over {size} leaves.", "日志 {log} 已签署包含 {size} 个叶子的检查点。"],
    unwitnessed: ["The witness {name} has not signed this checkpoint.", "见证方 {name} 未签署此检查点。"],
    witnessed: ["The witness {name} co-signed it at {when}.", "见证方 {name} 于 {when} 联署。"],
    strangers: ["The checkpoint has signatures of unknown hands.", "检查点上有来源不明的签名。"],
    otherBody: ["The entry at leaf {index} has another body than its leaf says.", "叶子 {index} 处的记录内容与叶子不符。"],
    otherParty: ["The entry at leaf {index} is of another party.", "叶子 {index} 处的记录属于另一方。"],
    otherThings: ["The entry at leaf {index} is about other things than its leaf says.", "叶子 {index} 处的记录所涉物品与叶子不符。"],
    otherPersonal: ["The entry at leaf {index} does not hold this personal data.", "叶子 {index} 处的记录不含此个人数据。"],
    notUnder: ["The entry at leaf {index} is not under the signed root.", "叶子 {index} 处的记录不在已签名的根之下。"],
    twice: ["A running number is given to two entries.", "同一流水号被用于两条记录。"],
    entries: ["{count} entries of the party {party} are in the log as they stand here.", "{party} 的 {count} 条记录原样存在于日志中。"],
    gap: ["Numbers {first} to {last} are not all here.", "流水号 {first} 至 {last} 不完整。"],
    run: ["They are all that the party recorded from number {first} to {last}.", "这是该方流水号 {first} 至 {last} 的全部记录。"],
    keptMissing: ["The bundle has a proof of growth: give the checkpoint that you kept.", "证明包含有增长证明：请给出您保存的检查点。"],
    keptUnsigned: ["The log's signature of your earlier checkpoint does not hold.", "您保存的检查点上的日志签名无效。"],
    forked: ["The log is not the one of your checkpoint: it forked, shrank or was rewritten.", "日志与您的检查点不一致：已分叉、缩短或被改写。"],
    grew: ["The log only grew since your checkpoint over {size} leaves.", "自您保存的 {size} 个叶子的检查点以来，日志仅有增长。"],
    otherThing: ["{uri} is not the thing that is proven.", "{uri} 不是被证明的物品。"],
    noMap: ["The map is an entry of another kind.", "该映射是另一种记录。"],
    mapAhead: ["The map speaks of leaves that come after it.", "该映射提及了其之后的叶子。"],
    otherMap: ["The map says something else about this thing.", "映射对该物品的记载与此不符。"],
    withheld: ["{missing} of {count} entries about the thing are withheld.", "该物品的 {count} 条记录中有 {missing} 条被隐瞒。"],
    otherEntries: ["The entries about the thing are not those of the map.", "该物品的记录与映射不一致。"],
    complete: ["They are ALL entries of the party about {name} among the first {size} leaves: {count}.", "在前 {size} 个叶子中，这是该方关于 {name} 的全部记录：{count} 条。"],
    absent: ["The party has NO entry about {name} among the first {size} leaves.", "在前 {size} 个叶子中，该方没有关于 {name} 的任何记录。"],
  };
  let language = /^zh/i.test(navigator.language || "") ? 1 : 0;
  const say = (id, values = {}) => WORDS[id][language].replace(/{(\w+)}/g, (_, name) => String(values[name]));

  globalThis.takebackVerify = { check, say, rootOfLeaf, grew, same };

  // --- The page ---
  const element = (id) => document.getElementById(id);
  let shown = null, content = null;
  const show = () => {
    document.documentElement.lang = language ? "zh-Hans" : "en";
    for (const place of document.querySelectorAll("[data-t]")) place.textContent = say(place.dataset.t);
    element("language").textContent = language ? "English" : "中文";
    element("language").lang = language ? "en" : "zh";
    if (!shown) return;
    const verdict = element("verdict"), bad = shown.problems.length > 0 || shown.unreadable !== null;
    verdict.hidden = false;
    verdict.className = bad ? "bad" : "good";
    verdict.textContent = say(shown.unreadable !== null ? "broken" : bad ? "bad" : "good");
    const lines = [
      ...(shown.own ? [] : [["note", say("noKey")]]),
      ...(shown.unreadable !== null ? [["bad", shown.unreadable]] : []),
      ...shown.problems.map(([id, values]) => ["bad", say(id, values)]),
      ...(bad ? [] : shown.facts.map(([id, values]) => ["good", say(id, values)])),
    ];
    element("facts").replaceChildren(...lines.map(([kind, text]) => {
      const line = document.createElement("li");
      line.className = kind;
      line.textContent = text;
      return line;
    }));
  };
  const run = async () => {
    if (content === null) return;
    let given = element("key").value.trim();
    const own = given !== "";
    if (!own) { try { given = String(JSON.parse(content).log); } catch { given = ""; } }
    const witnesses = element("witnesses").value.split("\n").map((line) => line.trim()).filter(Boolean);
    const kept = element("earlier").value;
    shown = { ...await check(content, given, kept.trim() ? kept.trimEnd() + "\n" : "", witnesses), own };
    show();
  };
  const take = async (file) => { if (file) { content = await file.text(); await run(); } };

  document.addEventListener("DOMContentLoaded", () => {
    if (location.protocol !== "file:") {  // a server has an icon, a folder need not
      document.head.append(Object.assign(document.createElement("link"), { rel: "icon", href: "static/console/mark.svg" }));
    }
    const drop = element("drop");
    element("language").addEventListener("click", () => { language = 1 - language; show(); });
    element("form").addEventListener("submit", (event) => event.preventDefault());
    element("form").addEventListener("change", (event) => (event.target.id === "file" ? take(event.target.files[0]) : run()));
    for (const name of ["dragover", "dragleave", "drop"]) {
      drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.toggle("over", name === "dragover"); });
    }
    drop.addEventListener("drop", (event) => take(event.dataTransfer.files[0]));
    show();
  });
})();
