import { readDataUri } from '../../indexer/documents/dataUri';
import { gatewayUrl, parseGateway } from '../../indexer/documents/ipfsGateway';
import { parseMetadata } from '../../indexer/documents/parseMetadata';

const parse = (text: string) => parseMetadata(Buffer.from(text));
const texts = (uri: string) => readDataUri(uri).bodies.map((body) => body.toString('utf8'));

describe('the JSON of a document', () => {
  it('gives name and description', () => {
    expect(parse('{"name":"A","description":"B","other":[1]}')).toEqual({ name: 'A', description: 'B' });
  });

  it.each([
    ['{"name":5,"description":"B"}', { name: null, description: 'B' }],
    ['{"name":null,"description":{"a":1}}', { name: null, description: null }],
    ['{"name":["A"],"description":true}', { name: null, description: null }],
    ['{}', { name: null, description: null }],
    ['{"__proto__":{"name":"x"},"constructor":1}', { name: null, description: null }],
    ['{"name":""}', { name: '', description: null }],
  ])('%s: a field that is not a string is null alone', (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it.each(['', 'nonsense', '{"name":', '{name:1}', '<html>', '['.repeat(200_000)])(
    'is refused when it is not JSON',
    (text) => {
      expect(() => parse(text)).toThrow('the document is not JSON');
    },
  );

  it.each(['[]', 'null', '"name"', '5', '[{"name":"A"}]'])('%s is refused, being no object', (text) => {
    expect(() => parse(text)).toThrow('not an object');
  });

  it('survives any depth', () => {
    const deep = `{"name":"A","x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    expect(parse(deep)).toEqual({ name: 'A', description: null });
  });

  it('shows NUL, half surrogates and invalid UTF-8 as U+FFFD, and keeps everything else', () => {
    expect(parse('{"name":"a\\u0000b\\ud800c\\udc00","description":"\\ud83d\\ude00 \\u202e"}')).toEqual({
      name: 'a\ufffdb\ufffdc\ufffd',
      description: '\u{1f600} \u202e',
    });
    expect(parseMetadata(Buffer.from([...Buffer.from('{"name":"'), 0xff, ...Buffer.from('"}')]))).toEqual({
      name: '\ufffd',
      description: null,
    });
  });

  it('cuts nothing and ignores a byte order mark', () => {
    const name = 'n'.repeat(200_000);
    expect(parse(`\ufeff{"name":"${name}"}`).name).toBe(name);
  });

  it('reads the charset it is told, UTF-8 where nobody knows it', () => {
    expect(parseMetadata(Buffer.from('{"name":"\xe9"}', 'latin1'), 'iso-8859-1').name).toBe('é');
    expect(parseMetadata(Buffer.from('{"name":"é"}', 'utf16le'), 'utf-16le').name).toBe('é');
    expect(parseMetadata(Buffer.from('{"name":"é"}'), 'klingon').name).toBe('é');
  });
});

describe('a data: URI', () => {
  it.each([
    ['data:application/json,{"name":"A"}', '{"name":"A"}'],
    ['data:,%7B%22name%22%3A%22%C3%A9%22%7d', '{"name":"é"}'],
    ['DATA:application/json;charset=utf-8,{"a":"1,2"}', '{"a":"1,2"}'],
    ['data:application/json,{"a":"100% é+"}', '{"a":"100% é+"}'],
    ['data:application/json;base64,eyJuYW1lIjoiQSJ9', '{"name":"A"}'],
    ['data:application/json;charset=utf-8;base64,eyJuYW1lIjoiQSJ9', '{"name":"A"}'],
    ['data:;Base64 ,eyJu YW1l\nIjoiQSJ9', '{"name":"A"}'],
    ['data:;base64,eyI%2FIjoxfQ%3D%3D', '{"?":1}'],
    ['data:;base64,e30=', '{}'],
    ['data:;base64,', ''],
    ['data:,', ''],
  ])('%s', (uri, expected) => {
    expect(texts(uri)).toEqual([expected]);
  });

  it('may have meant an unescaped # as part of the data: the hash will say', () => {
    expect(texts('data:application/json,{"name":"#1"}')).toEqual(['{"name":"', '{"name":"#1"}']);
    expect(texts('data:;base64,e30=#top')).toEqual(['{}']);
  });

  it('knows its charset', () => {
    expect(readDataUri('data:application/json; Charset="ISO-8859-1";base64,e30=').charset).toBe('ISO-8859-1');
    expect(readDataUri('data:application/json,{}').charset).toBe('utf-8');
  });

  it.each(['data:application/json', 'data:;base64,e30*', 'data:;base64,e', 'data:;base64,=e30'])(
    '%s is refused',
    (uri) => {
      expect(() => readDataUri(uri)).toThrow(/data: URI/);
    },
  );
});

describe('an ipfs:// URI', () => {
  const v0 = 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG';
  const v1 = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi';
  const through = (gateway: string, uri: string) => gatewayUrl(parseGateway(gateway), uri).href;

  it.each([
    ['https://ipfs.example', `ipfs://${v0}`, `https://ipfs.example/ipfs/${v0}`],
    ['https://ipfs.example/ipfs/', `ipfs://ipfs/${v1}/meta.json`, `https://ipfs.example/ipfs/${v1}/meta.json`],
    ['http://127.0.0.1:8080/gw', `IPFS://${v1}/a b/ü.json`, `http://127.0.0.1:8080/gw/ipfs/${v1}/a%20b/%C3%BC.json`],
    ['https://ipfs.example?token=1', `ipfs://${v1}/a%20b?x=1#y`, `https://ipfs.example/ipfs/${v1}/a%20b?token=1`],
  ])('through %s: %s', (gateway, uri, expected) => {
    expect(through(gateway, uri)).toBe(expected);
  });

  it.each([
    'ipfs://',
    'ipfs://short',
    'ipfs://../api/v0/shutdown',
    `ipfs://${v1}/../../api/v0`,
    `ipfs://${v1}/%2e%2e/%2e%2e/api`,
    `ipfs://${v1}/.%2e/api`,
    `ipfs://${v1}/..%2f..%2fapi`,
    `ipfs://${v1}/a\\..\\b`,
    `ipfs://${v1}@evil.example/`,
    `ipfs://${v1}:5001/`,
  ])('%s is refused', (uri) => {
    expect(() => through('http://127.0.0.1:8080', uri)).toThrow(/ipfs:\/\//);
  });

  it.each(['ipfs.example', 'ftp://ipfs.example', ''])('a gateway %p is a configuration error', (value) => {
    expect(() => parseGateway(value)).toThrow(expect.objectContaining({ code: 'CONFIG' }));
  });
});
