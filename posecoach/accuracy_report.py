"""The accuracy report: one HTML page, complete in itself, of how results agree with labels and truth."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from statistics import fmean

import numpy as np

from posecoach import __version__
from posecoach.agreement import Agreement, AngleError, Measured, confusion, tally
from posecoach.exercises import CATALOGUE
from posecoach.feedback import overlay
from posecoach.frames import Image, VideoFile
from posecoach.errors import SourceError
from posecoach.labels import Label
from posecoach.native import cv2
from posecoach.pose import INDEX, Array, Pose
from posecoach.results import Fault
from posecoach.score import Scored
from posecoach.tables import by_view, words
from posecoach.tracker import turned
from posecoach.track import Track
