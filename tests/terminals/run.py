#!/usr/bin/env python3
"""Looks at the studio in real terminals: kitty, xterm with sixel, xterm without, and tmux.

Usage: tests/terminals/run.py [PROGRAM]        (PROGRAM: target/release/pentimento)

Starts each terminal on a virtual screen of its own, opens the studio on a history of three
paintings, takes screenshots, and compares the pixels of the picture with the file that was
painted. It must be the right one, also after the next was selected and after help lay over
it, must not be the other one, and must be gone when the studio is.

Needs Xvfb, kitty, xterm, tmux, xdotool and ImageMagick, and installs them with apt-get where
it is root and they are lacking. Prints a line for each terminal; ends with 1 if any is wrong.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

NEEDED = {
    "Xvfb": "xvfb",
    "kitty": "kitty",
    "xterm": "xterm",
    "tmux": "tmux",
    "xdotool": "xdotool",
    "import": "imagemagick",
}
SIDES = (1300, 900)
# The studio may take so long until its screen is as it must be, in seconds.
PATIENCE = 15
PROMPTS = ["a red fox in snow at dawn", "a castle by the sea at night", "a bowl of lemons, oil painting"]

# How far the colours of a picture may be from those of its file, of 255, by what shows it.
KITTY = ["kitty", "-o", "initial_window_width=1200", "-o", "initial_window_height=800",
         "-o", "remember_window_size=no", "-o", "font_size=10", "--"]
XTERM = ["xterm", "-geometry", "120x40", "-fa", "Mono", "-fs", "10"]
TMUX = ["tmux", "-L", "pentimento-terminals", "-f", "/dev/null", "new-session"]
TERMINALS = [
    ("kitty", KITTY, 8),
    ("xterm with sixel", XTERM + ["-ti", "vt340", "-e"], 14),
    ("xterm in 16 colours", XTERM + ["-ti", "vt100", "-e"], 60),
    ("tmux in kitty", KITTY + TMUX, 24),
    ("tmux in xterm", XTERM + ["-ti", "vt340", "-e"] + TMUX, 24),
]


def lacking():
    return [package for name, package in NEEDED.items() if shutil.which(name) is None]


def prepare():
    packages = lacking()
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update"], stdout=subprocess.DEVNULL, check=False)
        subprocess.run(["apt-get", "install", "-y", *packages], stdout=subprocess.DEVNULL, check=False)
    if lacking():
        sys.exit(f"These are needed and not here: {', '.join(lacking())}.")


class Screen:
    """A virtual screen with one terminal on it."""

    def __init__(self, display, command, environment):
        self.environment = {**environment, "DISPLAY": display, "LIBGL_ALWAYS_SOFTWARE": "1"}
        sides = f"{SIDES[0]}x{SIDES[1]}x24"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.server = subprocess.Popen(["Xvfb", display, "-screen", "0", sides], **quiet)
        asks = ["xdotool", "getmouselocation"]
        until(lambda: subprocess.run(asks, env=self.environment, check=False, **quiet).returncode == 0,
              "the virtual screen")
        self.terminal = subprocess.Popen(command, env=self.environment, **quiet)

    def shot(self):
        """The pixels: three bytes for each, row by row."""
        raw = ["import", "-window", "root", "-depth", "8", "rgb:-"]
        return subprocess.run(raw, env=self.environment, stdout=subprocess.PIPE, check=True).stdout

    def keys(self, *keys):
        move = ["xdotool", "mousemove", "5", "5"]
        subprocess.run(move + ["key", "--delay", "60", *keys], env=self.environment, check=True)

    def ends(self):
        try:
            self.terminal.wait(PATIENCE)
            return True
        except subprocess.TimeoutExpired:
            return False

    def close(self):
        self.terminal.kill()
        self.server.terminate()
        self.server.wait()


def until(is_so, what):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = is_so()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited in vain for {what}")


def place(first, second):
    """The box in which two screens differ all over: the picture in them."""
    width, height = SIDES
    step = 4
    differs = [
        [sum(abs(first[i + c] - second[i + c]) for c in range(3)) > 24
         for x in range(0, width, step) for i in [3 * (y * width + x)]]
        for y in range(0, height, step)
    ]
    rows = [y for y, row in enumerate(differs) if sum(row) * step > 150]
    if not rows:
        return None
    top, bottom = rows[0], rows[-1]
    columns = [x for x in range(len(differs[0]))
               if sum(differs[y][x] for y in range(top, bottom + 1)) > (bottom - top) * 0.5]
    if not columns:
        return None
    left, right = columns[0], columns[-1]
    return left * step, top * step, (right - left + 1) * step, (bottom - top + 1) * step


def difference(screen, box, file):
    """The mean difference of the channels inside the box from the file stretched over it."""
    left, top, width, height = box
    resize = ["convert", file, "-resize", f"{width}x{height}!", "-depth", "8", "rgb:-"]
    asked = subprocess.run(resize, stdout=subprocess.PIPE, check=True).stdout
    total = count = 0
    # The edges of the box are right to a few pixels.
    for y in range(8, height - 8, 3):
        for x in range(8, width - 8, 3):
            seen, wanted = 3 * ((top + y) * SIDES[0] + left + x), 3 * (y * width + x)
            total += sum(abs(screen[seen + c] - asked[wanted + c]) for c in range(3))
            count += 3
    return total / max(count, 1)


def look(name, display, command, most, program, home, files):
    environment = {**os.environ, "PENTIMENTO_DIR": home, "COLORTERM": "truecolor"}
    screen = Screen(display, [*command, program], environment)
    newest, older = files[-1], files[-2]
    try:
        empty = screen.shot()

        def settled(before):
            # As it is when nothing changes any more.
            shot = screen.shot()
            time.sleep(1.5)
            return shot if shot == screen.shot() and shot != before else None

        first = until(lambda: settled(empty), "the studio")
        screen.keys("F3", "z", "i")
        first = until(lambda: settled(first), "the picture alone")
        screen.keys("j")
        second = until(lambda: settled(first), "the next picture")
        box = place(first, second)
        assert box and min(box[2:]) > 200, f"no picture is seen: {box}"
        found = []
        for shot, right, wrong in [(first, newest, older), (second, older, newest)]:
            right, wrong = difference(shot, box, right), difference(shot, box, wrong)
            assert right <= most, f"the picture is {right:.1f} away, at most {most} is right"
            assert wrong > 1.5 * right, f"the other picture would do as well: {wrong:.1f}"
            found.append(right)
        screen.keys("F1")
        helped = until(lambda: settled(second), "the help")
        covered = difference(helped, box, older)
        assert covered > 2 * found[1], f"the picture shines through the help: {covered:.1f}"
        screen.keys("Escape")
        back = until(lambda: settled(helped), "the picture again")
        again = difference(back, box, older)
        assert again <= most, f"after the help the picture is {again:.1f} away"
        screen.keys("ctrl+q")
        assert screen.ends(), "the studio does not end"
        print(f"ok      {name}: {box[2]}x{box[3]} pixels, {found[0]:.1f} and {found[1]:.1f} away "
              f"from the files, {covered:.1f} under help, {again:.1f} after it")
        return True
    except AssertionError as error:
        with open(f"{home}/{name.replace(' ', '-')}.rgb", "wb") as kept:
            kept.write(screen.shot())
        print(f"WRONG   {name}: {error}")
        return False
    finally:
        screen.close()


def main():
    prepare()
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "target/release/pentimento")
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "PENTIMENTO_DIR": home}
        files = []
        for prompt in PROMPTS:
            command = [program, "generate", prompt, "-m", "demo:painter", "--size", "1024x1024", "--json"]
            made = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
            files.append(json.loads(made.stdout)["images"][0]["path"])
        right = [look(name, f":{70 + nth}", command, most, program, home, files)
                 for nth, (name, command, most) in enumerate(TERMINALS)]
    subprocess.run(["tmux", "-L", "pentimento-terminals", "kill-server"], stderr=subprocess.DEVNULL, check=False)
    sys.exit(0 if all(right) else 1)


main()
