#!/usr/bin/env python3
"""Looks at the studio in real terminals: kitty, xterm with sixel and without, tmux in both.

Usage: tests/terminals/run.py [--program PROGRAM] [--shots DIRECTORY] [--list] [WHICH ...]

PROGRAM is target/release/pentimento unless it is said; a debug build does as well, slowly.
WHICH are words of the cases to run, as in `run.py tmux` or `run.py sixel resize`. Every picture
of the screen at which something was wrong is kept in DIRECTORY.

Each terminal runs on a virtual screen of its own, with a shell in it that first paints all of
its cells: so where they are is seen, not asked. Then the studio is opened on a history of three
paintings and walked through. At each step it is judged by the pixels of the screenshot:

  - the picture must be where it belongs, to the cell, and be the pixels of its file, as near as
    the way it is shown allows: by each pixel for kitty and sixel, by the parts of a cell for
    blocks, by means over cells for sixteen colours;
  - no other picture of the history may do as well there, nor the right one some cells aside;
  - around a picture over the whole screen, and on the screen of the shell when the studio is
    left, is suspended or has lent it to an editor, nothing may be but what belongs there.

Needs Xvfb, kitty, xterm, tmux, xdotool and ImageMagick, and installs them with apt-get where
it is root and they are lacking. Prints a line for each case; ends with 1 if any is wrong. To
see that it can fail, `--wrong` expects the picture before instead of each: every case that
shows one must be WRONG then, each step after a minute.
"""

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile

from pixels import find, heights, squares, stacked
from screen import Screen, tmux, until

NEEDED = {
    "Xvfb": "xvfb",
    "kitty": "kitty",
    "xterm": "xterm",
    "tmux": "tmux",
    "xdotool": "xdotool",
    "import": "imagemagick",
}
# From the oldest to the newest.
PROMPTS = ["a red fox in snow at dawn", "a castle by the sea at night", "a bowl of lemons, oil painting"]
# Cells of a thumbnail in the list.
THUMBNAIL = (6, 3)

KITTY = ["kitty", "--config", "NONE", "-o", "initial_window_width=1200", "-o", "initial_window_height=800",
         "-o", "remember_window_size=no", "-o", "font_size=10", "-o", "placement_strategy=top-left",
         "-o", "cursor_blink_interval=0"]
KITTY_LIGHT = [*KITTY, "-o", "background=#ffffff", "-o", "foreground=#000000"]
XTERM = ["xterm", "-geometry", "120x40", "-fa", "Mono", "-fs", "10", "-xrm", "*pointerMode: 0"]
DARK = ["-bg", "#101018", "-fg", "#d0d0d0"]


class Way:
    """How pictures are shown, and how far they may be from their files, of 255: on the whole,
    and each cell."""

    def __init__(self, most, cell, parts=None):
        self.most, self.cell, self.parts = most, cell, parts

    def off(self, shot, grid, cells, file):
        parts = self.parts(cells) if self.parts else None
        return shot.difference(grid.box(*cells), file, parts)


PIXELS = Way(6, 12)
SIXEL = Way(6, 12)
# Quarters of a cell, in 256 colours where the line seems slow. A cell has two colours: where three
# meet, one is far from right.
BLOCKS = Way(20, 80, lambda cells: (2 * cells[2], int(2 * cells[3])))
# Dithered: right only by the mean of many.
SIXTEEN = Way(48, 255, lambda cells: (max(1, cells[2] // 4), max(1, int(cells[3]) // 2)))

TERMINALS = {
    "kitty": (KITTY, PIXELS, {}),
    "kitty, light": (KITTY_LIGHT, PIXELS, {}),
    "xterm with sixel": ([*XTERM, "-ti", "vt340", "-e"], SIXEL, {}),
    "xterm with sixel, dark": ([*XTERM, *DARK, "-ti", "vt340", "-e"], SIXEL, {}),
    "xterm in many colours": ([*XTERM, "-ti", "vt100", "-e"], BLOCKS, {}),
    "xterm in 16 colours": ([*XTERM, "-ti", "vt100", "-e"], SIXTEEN, {"PENTIMENTO_COLORS": ""}),
    "xterm in 16 colours, dark": ([*XTERM, *DARK, "-ti", "vt100", "-e"], SIXTEEN, {"PENTIMENTO_COLORS": ""}),
    "tmux in kitty": (KITTY, BLOCKS, {}),
    "tmux in xterm": ([*XTERM, "-ti", "vt340", "-e"], BLOCKS, {}),
    "tmux in xterm, dark": ([*XTERM, *DARK, "-ti", "vt340", "-e"], BLOCKS, {}),
}


def lacking():
    return [package for name, package in NEEDED.items() if shutil.which(name) is None]


def prepare():
    packages = lacking()
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update"], stdout=subprocess.DEVNULL, check=False)
        subprocess.run(["apt-get", "install", "-y", *packages], stdout=subprocess.DEVNULL, check=False)
    if lacking():
        sys.exit(f"These are needed and not here: {', '.join(lacking())}.")


class Case:
    """The studio in one terminal, and what is expected of it."""

    def __init__(self, screen, grid, way, files, wrong):
        self.screen, self.whole, self.grid, self.way = screen, grid, grid, way
        # From the newest to the oldest, as the history shows them.
        self.files = files[::-1]
        self.wrong = wrong
        self.said = []
        # How far the worst cell was.
        self.worst = 0

    def file(self, nth):
        """The file of a picture of the history, unless the wrong one is to be expected."""
        return self.files[nth - 1] if self.wrong else self.files[nth]

    def right(self, shot, cells, nth, others=True):
        """How far the picture at the cells is from the file it must be."""
        x, y, _, _ = cells
        off = self.way.off(shot, self.grid, cells, self.file(nth))
        assert off <= self.way.most, f"at {cells} it is {off:.1f} away, at most {self.way.most} is right"
        worst, where = shot.worst(self.grid.box(*cells), self.file(nth), (cells[2], math.ceil(cells[3])))
        self.worst = max(self.worst, worst)
        assert worst <= self.way.cell, f"the cell {where} of that at {cells} is {worst:.0f} away from it"
        if others:
            for file in self.files:
                if file != self.file(nth):
                    other = self.way.off(shot, self.grid, cells, file)
                    assert other > 1.5 * off, f"at {cells} another would do as well: {other:.1f}, not {off:.1f}"
        return off

    def alone(self, nth):
        """The picture over the whole screen, in the middle of it, and nothing around it."""
        def seen():
            shot = self.screen.settled()
            area = (0, 2, self.grid.columns, self.grid.rows - 3)
            places = list(squares(self.grid, area))
            cells = min(places, key=lambda at: self.way.off(shot, self.grid, at, self.file(nth)))
            off = self.right(shot, cells, nth)
            # The same picture two cells aside is not the picture.
            if self.way is not SIXTEEN:
                aside = (cells[0] - 2, *cells[1:])
                moved = self.way.off(shot, self.grid, aside, self.file(nth))
                assert moved > 1.3 * off, f"two cells aside it would do as well: {moved:.1f}, not {off:.1f}"
            around = [(0, 2, cells[0], area[3]),
                      (cells[0] + cells[2], 2, area[2] - cells[0] - cells[2], area[3]),
                      (0, 2, area[2], cells[1] - 2),
                      (0, cells[1] + cells[3], area[2], 2 + area[3] - cells[1] - cells[3])]
            for part in around:
                self.plain(shot, part)
            return off, cells, shot
        off, cells, shot = until(seen)
        self.said.append(f"{cells[2]}x{cells[3]} cells, {off:.1f} away")
        return cells, shot

    def plain(self, shot, cells):
        """Nothing is there but the background."""
        left, top, right, bottom = self.grid.box(*cells)
        # Which half of a cell has its middle row of pixels is the font's to say.
        box = (left, top + (cells[1] != int(cells[1])), right, bottom)
        where = shot.first_other(box, shot.pixel(self.grid.left + 1, self.grid.top + 2 * self.grid.height + 1))
        assert where is None, f"something is left at the pixels {where}, among the cells {cells}"

    def shell(self, lines, what):
        """The screen of the shell: text on the left of so many lines, and nothing else."""
        def seen():
            shot = self.screen.settled()
            grid = self.grid
            high = grid.rows if lines is None else lines
            below = (0, high, grid.columns, grid.rows - high)
            corner = shot.pixel(grid.left + 1, grid.box(0, grid.rows - 1, 1, 1)[3] - 2)
            where = shot.first_other(grid.box(*below), corner)
            assert where is None, f"{what}: something is left at the pixels {where}"
            right = (45, 0, grid.columns - 45, high)
            where = shot.first_other(grid.box(*right), corner)
            assert where is None, f"{what}: something is left at the pixels {where}, beside the text"
            return shot
        return until(seen)

    def panes(self):
        """The list with its thumbnails, and the preview of the newest."""
        def seen():
            shot = self.screen.settled()
            grid = self.grid
            wide, high = THUMBNAIL
            # All three as one picture: they stand one below the other.
            stack = stacked(self.files, wide * grid.width, high * grid.height)
            _, (x, y, _, _) = find(shot, grid, stack, (0, 1, grid.columns, grid.rows - 2), [(wide, 3 * high)])
            for nth in range(3):
                self.right(shot, (x, y + nth * high, wide, high), nth)
            sides = [(wide, high) for wide in range(20, grid.columns) for high in heights(grid, wide)
                     if high < grid.rows - 3]
            area = (0, 2, grid.columns, grid.rows - 3)
            _, cells = find(shot, grid, self.files[0], area, sides)
            # Found by parts of cells; the side is sure to one cell.
            x, y, wide, high = cells
            near = [(x + a, y + b, wide + c, high + d) for a in (-1, 0, 1) for b in (-1, 0, 1)
                    for c in (-1, 0, 1) for d in (-1, -0.5, 0, 0.5, 1)]
            cells = min(near, key=lambda at: self.way.off(shot, grid, at, self.files[0]))
            off = self.right(shot, cells, 0)
            return off, cells
        off, cells = until(seen)
        self.said.append(f"preview {off:.1f} away")
        return cells


def step_panes(case):
    """Thumbnails one below the other, and the preview."""
    case.panes()


def step_alone(case):
    """Over the whole screen, one after the other, with help over it and away again."""
    screen = case.screen
    screen.keys("F3", "z", "i")
    cells, _ = case.alone(0)
    screen.keys("j")
    cells, shot = case.alone(1)
    right = case.way.off(shot, case.grid, cells, case.files[1])
    screen.keys("F1")

    def helped():
        covered = screen.settled()
        off = case.way.off(covered, case.grid, cells, case.files[1])
        assert off > 1.5 * right and covered != shot, f"the picture shines through the help: {off:.1f}"
        return True
    until(helped)
    screen.keys("Escape")
    case.alone(1)
    screen.keys("k")
    case.alone(0)


def step_gallery(case):
    """The gallery: all of them in a row."""
    screen, grid = case.screen, case.grid
    screen.keys("Escape", "v")

    def seen():
        shot = screen.settled()
        area = (0, 1, grid.columns, 18)
        tries = []
        for wide in range(12, 28):
            for high in heights(grid, wide):
                _, (x, y, _, _) = find(shot, grid, case.files[0], area, [(wide, high)])
                for gap in range(4):
                    places = [(x + nth * (wide + gap), y, wide, high) for nth in range(3)]
                    if places[-1][0] + wide <= grid.columns:
                        off = sum(case.way.off(shot, grid, at, file) for at, file in zip(places, case.files))
                        tries.append((off, places))
        places = min(tries)[1]
        for nth, at in enumerate(places):
            case.right(shot, at, nth)
        return True
    until(seen)
    screen.keys("v", "z")
    case.alone(0)


def step_suspend(case):
    """`Ctrl+Z`: the shell has its screen; `fg`: the picture is back."""
    case.screen.keys("ctrl+z")
    case.shell(6, "suspended")
    case.screen.type("fg\n")
    case.alone(0)


def step_editor(case):
    """The user's editor has the screen, and the picture is back after it."""
    case.screen.keys("Escape", "F2", "F6")
    case.shell(6, "in the editor")
    case.screen.keys("Return")
    case.screen.keys("F3", "z")
    case.alone(0)


def step_windows(case):
    """Another window of tmux and back; another pane beside it, and away again."""
    screen, whole = case.screen, case.grid
    screen.keys("ctrl+b", "c")
    case.shell(1, "another window")
    screen.keys("ctrl+b", "p")
    case.alone(0)
    for split, size in [("quotedbl", "height"), ("percent", "width")]:
        screen.keys("ctrl+b", split)
        screen.type("echo beside\n")
        other = until(lambda: tmux("display", "-p", "#{pane_left} #{pane_top} #{pane_width} #{pane_height}"))
        x, y, columns, rows = map(int, other.split())
        until(lambda: len(tmux("list-panes").splitlines()) == 2, "two panes")
        case.grid = whole.of(columns, rows, x, y)
        beside = case.shell(3, f"the pane of less {size}")
        screen.keys("ctrl+b", "o")
        one = tmux("display", "-p", "#{pane_left} #{pane_top} #{pane_width} #{pane_height}")
        case.grid = whole.of(*map(int, one.split()[2:]))
        case.alone(0)
        screen.keys("j")
        case.alone(1)
        screen.keys("k")
        case.alone(0)
        case.grid = whole.of(columns, rows, x, y)
        case.shell(3, f"the pane of less {size} afterwards")
        screen.keys("ctrl+b", "o")
        screen.type("exit\n")
        case.grid = whole
        case.alone(0)


def step_leave(case):
    """The studio ends and leaves nothing."""
    case.screen.keys("ctrl+q")
    case.shell(8, "left")


def step_resize(case):
    """The window is made smaller and larger while a picture stands there, and left so."""
    whole = case.grid
    case.screen.type("pentimento\n")
    case.screen.keys("F3", "g", "z", "i")
    case.alone(0)
    for columns, rows in [(-30, -12), (20, 9), (10, 3)]:
        case.screen.resize(columns, rows, whole)
        case.grid = whole.of(case.grid.columns + columns, case.grid.rows + rows)
        case.alone(0)
    case.screen.keys("ctrl+q")
    # In xterm the lines of the shell are not where they were.
    case.shell(None, "left after that")


STEPS = {
    "panes": step_panes,
    "alone": step_alone,
    "gallery": step_gallery,
    "suspend": step_suspend,
    "editor": step_editor,
    "windows": step_windows,
    "leave": step_leave,
    "resize": step_resize,
}


def look(name, display, options, files, home):
    """Walks the studio through all steps in one terminal; says whether all was right."""
    command, way, more = TERMINALS[name]
    environment = {key: value for key, value in os.environ.items()
                   if not key.startswith(("TMUX", "TERM_PROGRAM", "PENTIMENTO", "COLORFGBG"))}
    editor = f"{home}/editor"
    environment |= {"PENTIMENTO_DIR": f"{home}/studio", "PENTIMENTO_COLORS": "truecolor", "EDITOR": editor,
                    "VISUAL": editor, "PENTIMENTO_TERMINALS": home, **more}
    is_tmux = name.startswith("tmux")
    screen = Screen(display, command, options.program, environment, is_tmux)
    wrong = []
    try:
        case = Case(screen, screen.measure(), way, files, options.wrong)
        case.shell(1, "the shell")
        screen.type("pentimento\n")
        for step, walk in STEPS.items():
            if step == "windows" and not is_tmux:
                continue
            # What leads to a step is done by the one before it.
            case.said = []
            try:
                walk(case)
                print(f"ok      {name}: {step}" + (f" ({'; '.join(case.said)})" if case.said else ""))
            except AssertionError as error:
                print(f"WRONG   {name}: {step}: {error}")
                if options.shots:
                    screen.keep(f"{options.shots}/{name}-{step}.png".replace(" ", "-").replace(",", ""))
                wrong.append(step)
                if not options.wrong:
                    break
            sys.stdout.flush()
    except AssertionError as error:
        print(f"WRONG   {name}: {error}")
        if options.shots:
            screen.keep(f"{options.shots}/{name}.png".replace(" ", "-").replace(",", ""))
        wrong.append("")
    finally:
        screen.close()
    return not wrong


def painted(program, home):
    """A history of three paintings; gives their files."""
    environment = {**os.environ, "PENTIMENTO_DIR": f"{home}/studio"}
    files = []
    for prompt in PROMPTS:
        command = [program, "generate", prompt, "-m", "demo:painter", "--size", "1024x1024", "--json"]
        made = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
        files.append(json.loads(made.stdout)["images"][0]["path"])
    with open(f"{home}/editor", "w", encoding="utf-8") as editor:
        editor.write("#!/bin/sh\nprintf '\\033[2J\\033[Han editor\\n'\nread -r line\n")
    os.chmod(f"{home}/editor", 0o700)
    return files


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--program", default="target/release/pentimento")
    parser.add_argument("--shots")
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("which", nargs="*")
    options = parser.parse_args()
    names = [name for name in TERMINALS if all(word in name for word in options.which)]
    if options.list:
        print("\n".join(names))
        return
    prepare()
    options.program = os.path.abspath(options.program)
    if options.shots:
        os.makedirs(options.shots, exist_ok=True)
    right = []
    for nth, name in enumerate(names):
        # A history of its own: where one was left, the next begins.
        with tempfile.TemporaryDirectory() as home:
            files = painted(options.program, home)
            right.append(look(name, f":{70 + nth}", options, files, home))
    sys.exit(0 if all(right) and right else 1)


main()
