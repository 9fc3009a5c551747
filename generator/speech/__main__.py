"""Samples on stdin, [text, confidence] on stdout: what generator.speech starts for each recording."""

import json
import sys

from generator.speech.recognition import Recogniser

sys.stdout.write(json.dumps(Recogniser().hear(sys.stdin.buffer.read())))
