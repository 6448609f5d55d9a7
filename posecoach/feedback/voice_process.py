"""A process of its own that turns text into sound files with the speech library of Windows.

The library may hang or take the process down with it; from outside it can be killed. `voice_engine` writes a
JSON object a line to it and reads one answer each. It ends when its input ends.
"""

import json
import os
import queue
import signal
import sys
import threading
from typing import Any


def main() -> None:
    """List the voices, then save what is asked for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the session, which ends this process
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the library prints there

    def answer(**values: Any) -> None:
        answers.write(json.dumps(values) + "\n")
        answers.flush()

    requests: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    try:
        import pyttsx3

        engine = pyttsx3.init()
        found = [
            {"id": voice.id, "name": voice.name, "languages": [str(one) for one in voice.languages or ()]}
            for voice in engine.getProperty("voices")
        ]
        answer(voices=found, voice=engine.getProperty("voice"))
    except Exception as error:  # whatever is wrong with it, there is no voice
        answer(error=f"{type(error).__name__}: {error}")
        return
    while True:
        request = requests.get()
        try:
            for name in ("voice", "rate"):
                if name in request:
                    engine.setProperty(name, request[name])
            if "text" in request:
                engine.save_to_file(request["text"], request["file"])
                engine.runAndWait()
            answer(done=True)
        except Exception as error:
            answer(error=f"{type(error).__name__}: {error}")


def _listen(requests: "queue.Queue[dict[str, Any]]") -> None:
    """Pass on requests. Once the input ends, end the process, whatever else it is busy with."""
    for line in sys.stdin:
        requests.put(json.loads(line))
    os._exit(0)


if __name__ == "__main__":
    main()
