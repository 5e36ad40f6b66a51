#!/usr/bin/env python3
"""Reads exported pictures with readers that are not ours: exiftool, Pillow, piexif, and the
rules of AUTOMATIC1111. Each field must be what was asked.

    apt install libimage-exiftool-perl; pip install pillow piexif
    cargo build
    tests/metadata/check.py target/debug/pentimento

It generates with the demo painter in a directory of its own, imports one picture of each
kind, exports all of them, and prints a line for each thing that it has read.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

import piexif
import piexif.helper
from PIL import Image

SAMPLES = pathlib.Path(__file__).resolve().parent.parent / "it/fixtures/metadata"
PROMPT = "a red fox in snow,\nsaid: \"quiet\" \u2014 \u72d0 \U0001f98a"
NEGATIVE = "blurry, text: any"
# AUTOMATIC1111, modules/infotext_utils.py.
PARAM = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
SIZE = re.compile(r"^(\d+)x(\d+)$")

checked = 0


def equal(what, read, expected):
    global checked
    if read != expected:
        sys.exit(f"{what}\n  read     {read!r}\n  expected {expected!r}")
    checked += 1
    print(f"ok  {what}: {str(read)[:70]!r}")


def a1111(text):
    """What AUTOMATIC1111 reads: prompt, negative prompt, settings."""
    prompt, negative, settings, in_negative = "", "", {}, False
    *lines, last = text.strip().split("\n")
    if len(PARAM.findall(last)) < 3:
        lines.append(last)
        last = ""
    for line in lines:
        line = line.strip()
        if line.startswith("Negative prompt:"):
            in_negative = True
            line = line[16:].strip()
        if in_negative:
            negative += ("" if negative == "" else "\n") + line
        else:
            prompt += ("" if prompt == "" else "\n") + line
    for key, value in PARAM.findall(last):
        if value[0] == '"' and value[-1] == '"':
            value = json.loads(value)
        size = SIZE.match(value)
        settings |= {f"{key}-1": size[1], f"{key}-2": size[2]} if size else {key: value}
    return prompt, negative, settings


def exiftool(path):
    said = subprocess.run(
        ["exiftool", "-j", "-b", "-G1", "-a", "-all", "-validate", "-warning", str(path)],
        capture_output=True, check=True, text=True,
    )
    return json.loads(said.stdout)[0]


class Program:
    def __init__(self, program, home):
        self.words = [program, "--dir", home]

    def run(self, *words):
        done = subprocess.run([*self.words, *words], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{words}: {done.stderr}")
        return done.stdout

    def json(self, *words):
        return [json.loads(line) for line in self.run(*words, "--json").splitlines()]


def pixels(path):
    with Image.open(path) as image:
        return image.convert("RGBA").tobytes()


def check_words(name, text, model, size):
    prompt, negative, settings = a1111(text)
    equal(f"{name}: prompt by AUTOMATIC1111's rules", prompt, PROMPT)
    equal(f"{name}: negative prompt", negative, NEGATIVE)
    expected = {"Steps": "12", "Seed": "7", "style": 'a: b, "c"', "Model": model,
                "Size-1": str(size[0]), "Size-2": str(size[1])}
    equal(f"{name}: settings", {key: settings[key] for key in expected}, expected)
    equal(f"{name}: version", settings["Version"].split()[0], "Pentimento")


def check_png(program, out):
    row = program.json(
        "generate", PROMPT, "-m", "demo:painter", "--size", "96x64", "--steps", "12",
        "--negative", NEGATIVE, "--set", "seed=7", "--set", 'style=a: b, "c"',
    )[0]
    original = row["images"][0]["path"]
    before = pathlib.Path(original).read_bytes()
    [copy] = program.run("export", row["id"], "-o", out).splitlines()
    equal("png: original untouched", pathlib.Path(original).read_bytes() == before, True)
    with Image.open(copy) as image:
        image.load()
        texts = dict(image.text)
    check_words("png by Pillow", texts["parameters"], "demo:painter", (96, 64))
    own = json.loads(texts["pentimento"])
    equal("png by Pillow: pentimento chunk", own["request"], row["request"])
    read = exiftool(copy)
    equal("png by exiftool: Parameters", read["PNG:Parameters"], texts["parameters"])
    equal("png by exiftool: Pentimento", json.loads(read["PNG:Pentimento"])["id"], row["id"])
    equal("png by exiftool: warnings", read.get("ExifTool:Validate"), "OK")
    equal("png: same pixels", pixels(copy) == pixels(original), True)


def check_exif(program, out, name):
    """A picture of another kind, as if a provider had delivered it."""
    file = pathlib.Path(out) / f"given-{name}"
    file.write_bytes((SAMPLES / name).read_bytes())
    imported = program.json("import", str(file))[0]
    # There is no provider here that delivers this kind: the receipt says that one had, and
    # the history is made again from it.
    home = pathlib.Path(program.words[2])
    [receipt] = home.glob(f"images/*/*/{imported['id']}.json")
    request = {"prompt": PROMPT, "model": "openai:gpt-image-2", "steps": 12,
               "negative_prompt": NEGATIVE, "extra": {"seed": 7, "style": 'a: b, "c"'}}
    receipt.write_text(json.dumps(json.loads(receipt.read_text()) | {"request": request}))
    for database in home.glob("history.db*"):
        database.unlink()
    program.run("doctor", "--rebuild")
    [copy] = program.run("export", imported["id"], "-o", out).splitlines()
    comment = piexif.load(copy)["Exif"][piexif.ExifIFD.UserComment]
    text = piexif.helper.UserComment.load(comment)
    with Image.open(copy) as image:
        image.load()
        size, exif = image.size, image.getexif().get_ifd(0x8769)
    equal(f"{name} by Pillow: comment", exif[0x9286][8:].decode("utf-16-be"), text)
    check_words(f"{name} by piexif", text, "openai:gpt-image-2", size)
    read = exiftool(copy)
    equal(f"{name} by exiftool: UserComment", read["ExifIFD:UserComment"], text)
    own = json.loads(read["ExifIFD:MakerNoteUnknownText"].removeprefix("pentimento:"))
    equal(f"{name} by exiftool: request in the maker's note", own["request"], request)
    warnings = read.get("ExifTool:Warning", "")
    equal(f"{name} by exiftool: warnings", warnings if "Missing required" not in str(warnings) else "", "")
    equal(f"{name}: same pixels", pixels(copy) == pixels(SAMPLES / name), True)
    if name == "camera.jpg":
        kept = (read["IFD0:Make"], read["IFD0:Orientation"], read["ExifIFD:ExposureTime"])
        equal("camera.jpg: what the camera said", kept, ("Nokia", "Rotate 90 CW", "1/125"))
    [bare] = program.run("export", "--strip", imported["id"], "-o", out).splitlines()
    said = {key for key in exiftool(bare) if key.split(":")[0] in
            ("ExifIFD", "IFD0", "GPS", "PNG", "XMP", "MakerNotes") or "Comment" in key}
    allowed = {"IFD0:Orientation"} if name == "camera.jpg" else set()
    equal(f"{name}: what a stripped copy says", said, allowed)
    equal(f"{name}: same pixels stripped", pixels(bare) == pixels(SAMPLES / name), True)


def main():
    program, home = sys.argv[1], tempfile.mkdtemp()
    out = tempfile.mkdtemp()
    program = Program(str(pathlib.Path(program).resolve()), home)
    check_png(program, out)
    for name in ("progressive.jpg", "camera.jpg", "nothing.webp", "clear.webp"):
        check_exif(program, out, name)
    print(f"{checked} things were read as they were written.")


if __name__ == "__main__":
    main()
