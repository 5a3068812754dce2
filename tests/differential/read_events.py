"""Reads TensorBoard's event files, as TensorBoard does, with Google's protocol buffers. Prints what is in them as JSON.

The messages are those of tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto.
"""
import json
import struct
import sys
from pathlib import Path

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

FIELD = descriptor_pb2.FieldDescriptorProto
SCHEMA = {
    'Value': [('tag', 1, FIELD.TYPE_STRING), ('simple_value', 2, FIELD.TYPE_FLOAT)],
    'Summary': [('value', 1, 'Value')],
    'SessionLog': [('status', 1, FIELD.TYPE_INT32)],
    'Event': [
        ('wall_time', 1, FIELD.TYPE_DOUBLE),
        ('step', 2, FIELD.TYPE_INT64),
        ('file_version', 3, FIELD.TYPE_STRING),
        ('summary', 5, 'Summary'),
        ('session_log', 7, 'SessionLog'),
    ],
}


def event_class():
    file = descriptor_pb2.FileDescriptorProto(name='event.proto', package='tensorflow', syntax='proto3')
    for name, fields in SCHEMA.items():
        message = file.message_type.add(name=name)
        for field, number, kind in fields:
            added = message.field.add(name=field, number=number, label=FIELD.LABEL_OPTIONAL)
            if isinstance(kind, str):
                added.type, added.type_name = FIELD.TYPE_MESSAGE, f'.tensorflow.{kind}'
                if name == 'Summary':
                    added.label = FIELD.LABEL_REPEATED
            else:
                added.type = kind
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName('tensorflow.Event'))


def masked_crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(path):
    data = path.read_bytes()
    at = 0
    while at < len(data):
        length, crc = struct.unpack_from('<QI', data, at)
        assert crc == masked_crc32c(data[at : at + 8]), f'{path}: wrong checksum of a length at {at}'
        content = data[at + 12 : at + 12 + length]
        assert len(content) == length, f'{path}: cut off at {at}'
        assert struct.unpack_from('<I', data, at + 12 + length) == (masked_crc32c(content),), f'{path}: wrong checksum at {at}'
        yield content
        at += 16 + length


Event = event_class()
points, purged, restarts = {}, 0, []
files = sorted(Path(sys.argv[1]).glob('*tfevents*'))
for path in files:
    for k, content in enumerate(records(path)):
        event = Event.FromString(content)
        assert event.wall_time > 1.7e9
        assert (event.file_version == 'brain.Event:2') == (k == 0), f'{path}: the version comes first, and once'
        if event.HasField('session_log') and event.session_log.status == 1:
            # As in TensorBoard's event_accumulator.py: after a restart, later points do not count any more.
            restarts.append(event.step)
            for tag, old in points.items():
                points[tag] = [(step, value) for step, value in old if step < event.step]
                purged += len(old) - len(points[tag])
        for value in event.summary.value:
            points.setdefault(value.tag, []).append((event.step, value.simple_value))
print(json.dumps({'files': len(files), 'purged': purged, 'restarts': restarts, 'points': points}))
