"""Ends with one sentence and status 3 when nobody can listen on 127.0.0.1 at the given port."""

import socket
import sys


def main(word: str) -> int:
    if not (word.isdigit() and 1 <= int(word) <= 65535):
        print(f"PORT={word} is not a port: 1 to 65535", file=sys.stderr)
        return 3
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(word)))
        except OSError as problem:
            print(f"port {word}: {problem.strerror}; choose another one: make demo PORT=8001", file=sys.stderr)
            return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
