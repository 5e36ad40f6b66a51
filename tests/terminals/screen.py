"""A virtual screen with one terminal on it, in which a shell runs.

Owns the processes and what is typed. Promises that everything it started is ended by
`Screen.close`. Must never judge what is seen.
"""

import os
import shutil
import subprocess
import time

from pixels import Grid, Shot, reach

SIDES = (1300, 900)
# How long anything may take, in seconds: a debug build draws slowly.
PATIENCE = 60
SOCKET = "pentimento-terminals"
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
RC = r"""
PS1='$ '
PATH="$PENTIMENTO_TERMINALS:$PATH"
# xterm takes it away.
export COLORTERM="$PENTIMENTO_COLORS"
shopt -u checkwinsize
unset HISTFILE PROMPT_COMMAND
if [ ! -e "$PENTIMENTO_TERMINALS/go" ]; then
  printf '\e[?25l\e[45m\e[2J'
  stty size > "$PENTIMENTO_TERMINALS/size.new" && mv "$PENTIMENTO_TERMINALS/size.new" "$PENTIMENTO_TERMINALS/size"
  until [ -e "$PENTIMENTO_TERMINALS/go" ]; do sleep 0.1; done
  printf '\e[0m\e[2J\e[H\e[?25h'
fi
"""


def until(found, what=None):
    """Asks again until it is so. The last thing that was wrong is what is told."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            value = found()
            if value:
                return value
            error = AssertionError(f"waited in vain for {what}")
        except AssertionError as wrong:
            error = wrong
        if time.monotonic() > end:
            raise error
        time.sleep(0.2)


def tmux(*words):
    """What tmux says."""
    command = ["tmux", "-L", SOCKET, *words]
    return subprocess.run(command, stdout=subprocess.PIPE, check=False, text=True).stdout.strip()


class Screen:
    """A virtual screen with one terminal on it."""

    def __init__(self, display, command, program, environment, is_tmux=False):
        self.is_tmux = is_tmux
        self.here = environment["PENTIMENTO_TERMINALS"]
        for name in ("go", "size", "rc", "pentimento"):
            if os.path.lexists(f"{self.here}/{name}"):
                os.unlink(f"{self.here}/{name}")
        with open(f"{self.here}/rc", "w", encoding="utf-8") as rc:
            rc.write(RC)
        os.symlink(program, f"{self.here}/pentimento")
        shell = ["bash", "--noprofile", "--rcfile", f"{self.here}/rc", "-i"]
        if is_tmux:
            with open(f"{self.here}/tmux.conf", "w", encoding="utf-8") as conf:
                conf.write(f"set -g default-command \"{' '.join(shell)}\"\n"
                           "set -g status-right ''\nset -g escape-time 10\n"
                           "set -g allow-passthrough on\n")
            shell = ["tmux", "-L", SOCKET, "-f", f"{self.here}/tmux.conf", "new-session"]
        self.environment = {**environment, "DISPLAY": display, "LIBGL_ALWAYS_SOFTWARE": "1"}
        sides = f"{SIDES[0]}x{SIDES[1]}x24"
        self.server = subprocess.Popen(["Xvfb", display, "-screen", "0", sides, "-r"], **QUIET)
        asks = ["xdotool", "getmouselocation"]
        until(lambda: subprocess.run(asks, env=self.environment, check=False, **QUIET).returncode == 0,
              "the virtual screen")
        # The window under the pointer has the keys.
        self.run("mousemove", "40", "40")
        self.terminal = subprocess.Popen([*command, *shell], env=self.environment, **QUIET)

    def run(self, *words):
        done = subprocess.run(["xdotool", *words], env=self.environment, check=True,
                              stdout=subprocess.PIPE, text=True)
        return done.stdout.strip()

    def shot(self):
        raw = ["import", "-window", "root", "-depth", "8", "rgb:-"]
        done = subprocess.run(raw, env=self.environment, stdout=subprocess.PIPE, check=True)
        return Shot(done.stdout, SIDES[0])

    def keep(self, path):
        """Keeps what is seen as a file of a picture."""
        if shutil.which("import"):
            subprocess.run(["import", "-window", "root", path], env=self.environment, check=False)

    def settled(self):
        """The screen, once it stays as it is."""
        def stays():
            shot = self.shot()
            time.sleep(0.5)
            return shot if shot == self.shot() else None
        return until(stays, "the screen to stay as it is")

    def measure(self):
        """Where the cells are: asked of nobody, seen on the screen."""
        size = f"{self.here}/size"
        until(lambda: os.path.exists(size), "the shell")
        with open(size, encoding="utf-8") as said:
            rows, columns = map(int, said.read().split())

        def painted():
            found = reach(self.shot())
            return found if found and found == reach(self.settled()) else None
        left, top, right, bottom = until(painted, "the cells of the terminal")
        width, height = (right - left) / columns, (bottom - top) / rows
        assert width == int(width) and height == int(height), f"cells of {width}x{height} pixels"
        with open(f"{self.here}/go", "w", encoding="utf-8"):
            pass
        return Grid(left, top, int(width), int(height), columns, rows)

    def keys(self, *keys):
        self.run("key", "--delay", "80", *keys)

    def type(self, words):
        self.run("type", "--delay", "40", words)

    def resize(self, columns, rows, grid):
        """Gives the terminal so many more cells, or fewer."""
        window = self.run("search", "--onlyvisible", "--class", ".").split()[-1]
        sides = dict(line.split("=") for line in
                     self.run("getwindowgeometry", "--shell", window).split())
        width = int(sides["WIDTH"]) + columns * grid.width
        height = int(sides["HEIGHT"]) + rows * grid.height
        self.run("windowsize", window, str(width), str(height))

    def close(self):
        if self.is_tmux:
            tmux("kill-server")
        self.terminal.kill()
        self.terminal.wait()
        self.server.terminate()
        self.server.wait()
