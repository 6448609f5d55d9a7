"""The browser as camera, screen and voice: a small server on the person's own computer.

The page sends pictures over one WebSocket; tracker, coach and records are those of every other command. What
listens, listens on loopback, unless the person asks for `--lan`.

app              the routes and the page
access           who may talk to the server
line             one WebSocket: pictures in, views and words out
orders           what a page may ask for over it
studio           the one session there may be, and which connection has it
session_records  what is kept of a session, by its kind
lesson           a routine or a calibration under way: tracker, coach, words and records in one place
failures         what went wrong, in a sentence for the page
engine           how tracker and coach are made
frames           a picture as the page sends it, and its time
wire             values as JSON
pages            answers that are no JSON: pages with a style of their own, and words as sound
sentences        the sentences of the page, in the language that is spoken
kept             what is kept of the person: a thin layer over `records`
routines         chosen, built, handed over, taken up
clips            a recorded clip, checked
serving          sockets, until Ctrl-C
lan              certificates, addresses and the pairing code
"""
