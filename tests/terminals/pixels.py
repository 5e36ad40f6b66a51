"""What is on a screenshot: where a picture stands, and how far it is from its file.

Must never know a terminal or the studio: only pixels, cells and files.
"""

import functools
import math
import os
import subprocess


@functools.lru_cache(maxsize=256)
def scaled(file, width, height):
    """The pixels of a file stretched to these sides."""
    command = ["convert", file, "-resize", f"{width}x{height}!", "-depth", "8", "rgb:-"]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


@functools.lru_cache(maxsize=256)
def meaned(file, width, height, across, down):
    """The same, each of `across` by `down` boxes of it by its mean."""
    command = ["convert", "-size", f"{width}x{height}", "-depth", "8", "rgb:-",
               "-scale", f"{across}x{down}!", "rgb:-"]
    pixels = scaled(file, width, height)
    return subprocess.run(command, input=pixels, stdout=subprocess.PIPE, check=True).stdout


@functools.lru_cache(maxsize=16)
def _stacked(files, width, height):
    path = os.path.join(os.path.dirname(files[0]), f"stacked-{width}x{height}.png")
    parts = [word for file in files for word in ("(", file, "-resize", f"{width}x{height}!", ")")]
    subprocess.run(["convert", *parts, "-append", path], check=True)
    return path


def stacked(files, width, height):
    """A file of these pictures one below the other, each of these sides."""
    return _stacked(tuple(files), width, height)


class Shot:
    """The pixels of a screen: three bytes for each, row by row."""

    def __init__(self, rgb, width):
        self.rgb, self.width = rgb, width

    def __eq__(self, other):
        return self.rgb == other.rgb

    def __hash__(self):
        return hash(self.rgb)

    def pixel(self, x, y):
        at = 3 * (y * self.width + x)
        return self.rgb[at:at + 3]

    def row(self, left, right, y):
        return self.rgb[3 * (y * self.width + left):3 * (y * self.width + right)]

    def is_plain(self, box, colour):
        """Whether nothing is in the box but one colour."""
        left, top, right, bottom = box
        return right <= left or all(
            self.row(left, right, y) == colour * (right - left) for y in range(top, bottom))

    def first_other(self, box, colour):
        """The first pixel in the box of another colour."""
        left, top, right, bottom = box
        for y in range(top, bottom):
            if self.row(left, right, y) != colour * (right - left):
                return next((x, y) for x in range(left, right) if self.pixel(x, y) != colour)
        return None

    def means(self, box, across, down):
        """The box in `across` by `down` parts, each by its mean."""
        left, top, right, bottom = box
        pixels = b"".join(self.row(left, right, y) for y in range(top, bottom))
        command = ["convert", "-size", f"{right - left}x{bottom - top}", "-depth", "8", "rgb:-",
                   "-scale", f"{across}x{down}!", "rgb:-"]
        return subprocess.run(command, input=pixels, stdout=subprocess.PIPE, check=True).stdout

    def difference(self, box, file, parts=None):
        """How far the box is from the file stretched over it: the mean over all channels, of
        255. `parts`, across and down, says in how many boxes it shows pixels, if in any."""
        left, top, right, bottom = box
        width, height = right - left, bottom - top
        if parts:
            seen, wanted = self.means(box, *parts), meaned(file, width, height, *parts)
        else:
            seen = b"".join(self.row(left, right, y) for y in range(top, bottom))
            wanted = scaled(file, width, height)
        # Every third pixel of large ones tells as much as all.
        step = 3 if len(seen) > 200_000 else 1
        pairs = [(seen[c::3 * step], wanted[c::3 * step]) for c in range(3)]
        total = sum(sum(map(abs, map(int.__sub__, a, b))) for a, b in pairs)
        return total / sum(len(a) for a, _ in pairs)

    def worst(self, box, file, parts):
        """The part of all that is farthest from the file, by its mean, and how far."""
        across, down = parts
        seen = self.means(box, across, down)
        wanted = meaned(file, box[2] - box[0], box[3] - box[1], across, down)
        off = [sum(abs(seen[at + c] - wanted[at + c]) for c in range(3)) / 3 for at in range(0, len(seen), 3)]
        most = max(range(len(off)), key=off.__getitem__)
        return off[most], (most % across, most // across)


def reach(shot):
    """The box of all that is magenta, whichever the terminal has: left, top, right, bottom."""
    rgb = shot.rgb
    near = [rgb[at] > 140 and rgb[at + 1] < 90 and rgb[at + 2] > 140 for at in range(0, len(rgb), 3)]
    rows = [near[at:at + shot.width] for at in range(0, len(near), shot.width)]
    ys = [y for y, row in enumerate(rows) if any(row)]
    if not ys:
        return None
    # A pointer may stand in it, so a column counts where most of it is.
    xs = [x for x in range(shot.width) if sum(rows[y][x] for y in ys) * 2 > len(ys)]
    return (xs[0], ys[0], xs[-1] + 1, ys[-1] + 1) if xs else None


class Grid:
    """Cells on the screen: where they begin, and how large each is."""

    def __init__(self, left, top, width, height, columns, rows):
        self.left, self.top, self.width, self.height = left, top, width, height
        self.columns, self.rows = columns, rows

    def __str__(self):
        return f"{self.columns}x{self.rows} cells of {self.width}x{self.height}"

    def box(self, x, y, columns, rows):
        """The pixels of cells; of half ones, as far as pixels can be halved."""
        left, top = self.left + x * self.width, self.top + y * self.height
        return left, int(top), left + columns * self.width, int(top + rows * self.height)

    def of(self, columns, rows, x=0, y=0):
        """Other cells of the same size."""
        left, top, _, _ = self.box(x, y, 0, 0)
        return Grid(left, top, self.width, self.height, columns, rows)


def heights(grid, wide):
    """How many rows of cells a square picture may take that is so many columns wide: what fills
    whole cells, and what may end with half a one."""
    halves = round(2 * wide * grid.width / grid.height)
    return sorted({max(halves, 1) / 2, math.ceil(halves / 2)})


def squares(grid, area):
    """Where a square picture may stand that is as large as it fits into an area of cells, and
    in its middle: cells are not divided, so each side may be off by one."""
    x, y, columns, rows = area
    side = min(columns * grid.width, rows * grid.height)
    across, down = side / grid.width, side / grid.height
    for wide in sorted({min(columns, int(across) + more) for more in (0, 1)}):
        for high in sorted({min(rows, int(down) + more) for more in (0, 0.5, 1)}):
            for left in sorted({(columns - wide) // 2, (columns - wide + 1) // 2}):
                for top in sorted({int(rows - high) // 2, int(rows - high + 1) // 2}):
                    yield x + left, y + top, wide, high


def find(shot, grid, file, area, sides):
    """The cells, of those in the area, at which a picture of one of these sides in cells is
    nearest to the file, and how far it is: coarsely, by four parts of each cell."""
    x0, y0, columns, rows = area
    across = 2 * columns
    seen = shot.means(grid.box(*area), across, 2 * rows)
    best = (256.0, None)
    for wide, high in sides:
        halves = int(2 * high)
        wanted = meaned(file, wide * grid.width, int(high * grid.height), 2 * wide, halves)
        samples = [(3 * (v * across + u) + c, wanted[3 * (v * 2 * wide + u) + c])
                   for v in range(halves) for u in range(2 * wide) for c in range(3)]
        # All of a small one, some of a large one.
        samples = samples[::max(1, len(samples) // 150)]
        for y in range(int(rows - high) + 1):
            for x in range(columns - wide + 1):
                at = 3 * (2 * y * across + 2 * x)
                off = sum(abs(seen[at + to] - value) for to, value in samples) / len(samples)
                best = min(best, (off, (x0 + x, y0 + y, wide, high)))
    return best
