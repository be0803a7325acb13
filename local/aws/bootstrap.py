"""The program of a worker process: Lambda's runtime interface client, until its parent ends.

The parent holds the other end of standard input. When it ends, however it ends, the read returns.
"""

import os
import sys
import threading

from awslambdaric.__main__ import main


def exit_with_parent() -> None:
    os.read(0, 1)
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=exit_with_parent, daemon=True).start()
    main(sys.argv)
