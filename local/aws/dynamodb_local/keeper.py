"""Runs a command for as long as somebody holds the other end of standard input, however they end."""

import subprocess
import sys
import threading


def main() -> int:
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)

    def end_with_the_world() -> None:
        sys.stdin.buffer.read()
        child.terminate()

    threading.Thread(target=end_with_the_world, daemon=True).start()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main())
