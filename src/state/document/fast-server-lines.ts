/**
 * Fast path of `writeServer` (write.ts) for many real servers with counters, as in listings: their
 * lines as data. Held equal to it by test/state/document/fast-server-lines.test.ts, and in C by
 * test/native/bulk-rows.test.ts.
 */
import { asciiJson } from '../../bytes/unicode';
import {
  ALL,
  address,
  choice,
  compile,
  counter,
  required,
  type Step,
  signed,
  text,
  unsigned,
  when,
} from '../../format/line-steps';
import { column } from '../../ipvs/server-columns';
import { AF_INET, AF_INET6 } from '../../model/address';
import { FORWARDING_MASK, forwardingMethods } from '../../model/real-server';
import { noStatistics } from '../../model/statistics';
import type { LineProgram } from '../../platform/bulk-rows';
import type { Field, ObjectField, ValueField } from './field';
import { serverFields } from './server-fields';
import { writeFields } from './write-fields';

/**
 * The lines that `writeServer` returns with counters, for complete rows with every column, but for
 * their beginning (`beginningWith`).
 */
export function serverLines(): LineProgram {
  return compile(
    text(''),
    required(column.incomplete, ALL, 0),
    text('{'),
    when(column.family, ALL, AF_INET, [member('family', AF_INET)], [member('family', AF_INET6)]),
    text(',"address":"'),
    address(),
    text('","port":'),
    unsigned(column.port),
    ...names(column.forwarding, FORWARDING_MASK, 'forwarding'),
    text(',"weight":'),
    signed(column.weight),
    text(',"upperThreshold":'),
    unsigned(column.upperThreshold),
    text(',"lowerThreshold":'),
    unsigned(column.lowerThreshold),
    ...tunnelIfAny(),
    text(',"connections":{"active":'),
    unsigned(column.activeConnections),
    text(',"inactive":'),
    unsigned(column.inactiveConnections),
    text(',"persistent":'),
    unsigned(column.persistentConnections),
    text('},"statistics":{'),
    ...Object.keys(noStatistics).flatMap((name, index) => [
      text(`${index === 0 ? '' : ','}"${name}":`),
      counter(column.statistics + 2 * index, 'json'),
    ]),
    text('}}'),
  );
}

/** The tunnel of a server that has one: `hasTunnel` of server-fields.ts. */
function tunnelIfAny(): Step[] {
  const tunnel = (serverFields.find(({ name }) => name === 'tunnel') as ObjectField).object.fields;
  const shown = [
    // Other flags have no name.
    required(column.tunnelFlags, ~(NAMED - 1), 0),
    text(',"tunnel":{'),
    ...names(column.tunnelType, ALL, 'type', tunnel),
    when(column.tunnelPort, ALL, 0, [], [text(',"port":'), unsigned(column.tunnelPort)]),
    choice(column.tunnelFlags, ALL, written('flags', tunnel).map(withComma), ''),
    text('}'),
  ];
  const unlessZero = (place: number, others: Step[]) => [when(place, ALL, 0, others, shown)];
  const any = unlessZero(
    column.tunnelType,
    unlessZero(column.tunnelPort, unlessZero(column.tunnelFlags, [])),
  );
  return [when(column.forwarding, FORWARDING_MASK, forwardingMethods.tunneling, shown, any)];
}

/** The number of values whose texts are prepared: 0 to 3 have names, or are combined of flags. */
const NAMED = 4;

/** A field whose first values have names, and others within the mask are numbers. */
function names(place: number, mask: number, name: string, fields?: readonly Field[]): Step[] {
  const texts = written(name, fields).map(fields ? (member) => member : withComma);
  const number = [text(`${fields ? '' : ','}"${name}":`), unsigned(place)];
  return [when(place, mask & ~(NAMED - 1), 0, [choice(place, mask, texts, '')], number)];
}

/** The members of an object that the plain version writes for the first values of a field. */
function written(name: string, fields?: readonly Field[]): string[] {
  return Array.from({ length: NAMED }, (_, value) => memberText(name, value, fields));
}

function member(name: string, value: number): Step {
  return text(memberText(name, value));
}

function memberText(name: string, value: number, fields: readonly Field[] = serverFields): string {
  const field = fields.find((each) => each.name === name) as ValueField;
  return asciiJson(writeFields([field], { [field.property ?? name]: value }, true)).slice(1, -1);
}

function withComma(member: string): string {
  return member && `,${member}`;
}
