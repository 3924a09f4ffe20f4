// Writes the first 500 rows of docs/example/loans.csv with Confluent's serializers for JavaScript,
// as the records that ConfluentLoans reads: a line with the schema, then a line for each value.
//
//   npm install @confluentinc/schemaregistry@1.10.1
//   node confluent.js ../../../../docs/example/loans.csv ../resources/confluent
const fs = require('fs');
const path = require('path');
const {
  SchemaRegistryClient, AvroSerializer, JsonSerializer, ProtobufSerializer, SerdeType,
} = require('@confluentinc/schemaregistry');
const { create, createFileRegistry, createMutableRegistry } = require('@bufbuild/protobuf');
const {
  FileDescriptorSetSchema, FieldDescriptorProto_Type: Type, FieldDescriptorProto_Label: Label,
} = require('@bufbuild/protobuf/wkt');

const [table, out] = process.argv.slice(2);
const lines = fs.readFileSync(table, 'utf8').trim().split('\n');
const columns = lines[0].split(',');
const words = ['car', 'zipcode', 'group'];
const rows = lines.slice(1, 501).map((line) => {
  const values = line.split(',');
  return Object.fromEntries(
    columns.map((name, i) => [name, words.includes(name) ? values[i] : Number(values[i])]));
});

const avro = {
  type: 'record', name: 'Loan', namespace: 'bank',
  fields: columns.map((name) => ({
    name,
    type: name === 'group'
      ? { type: 'enum', name: 'Group', symbols: ['A', 'B', 'C'] }
      : words.includes(name) ? 'string' : 'long',
  })),
};
const json = {
  $schema: 'http://json-schema.org/draft-07/schema#', title: 'Loan', type: 'object',
  properties: Object.fromEntries(columns.map((name) => [
    name,
    name === 'group'
      ? { type: 'string', enum: ['A', 'B', 'C'] }
      : { type: words.includes(name) ? 'string' : 'number' },
  ])),
};
const files = create(FileDescriptorSetSchema, {
  file: [{
    name: 'loan.proto', package: 'bank', syntax: 'proto3',
    enumType: [{ name: 'Group', value: ['A', 'B', 'C'].map((name, number) => ({ name, number })) }],
    messageType: [
      { name: 'Other' },
      {
        name: 'Loan',
        field: columns.map((name, i) => ({
          name, number: i + 1, label: Label.OPTIONAL,
          type: name === 'group' ? Type.ENUM : words.includes(name) ? Type.STRING : Type.INT64,
          typeName: name === 'group' ? '.bank.Group' : undefined,
        })),
      }],
  }],
});

async function write(name, client, serializer, topic, values) {
  const bytes = [];
  for (const value of values) {
    bytes.push(await serializer.serialize(topic, value));
  }
  const found = await client.getLatestSchemaMetadata(topic + '-value');
  const schema = { id: found.id, type: found.schemaType || 'AVRO', schema: found.schema };
  const text = [JSON.stringify(schema), ...bytes.map((each) => each.toString('base64'))];
  fs.writeFileSync(path.join(out, name + '.txt'), text.join('\n') + '\n');
}

async function main() {
  for (const [name, schema, Serializer] of [
    ['avro', { schemaType: 'AVRO', schema: JSON.stringify(avro) }, AvroSerializer],
    ['json-schema', { schemaType: 'JSON', schema: JSON.stringify(json) }, JsonSerializer]]) {
    const client = SchemaRegistryClient.newClient({ baseURLs: ['mock://' + name] });
    await client.register('loans-value', schema);
    const serializer = new Serializer(
      client, SerdeType.VALUE, { useLatestVersion: true, autoRegisterSchemas: false });
    await write(name, client, serializer, 'loans', rows);
  }
  const registry = createFileRegistry(files);
  const loan = registry.getMessage('bank.Loan');
  const group = registry.getEnum('bank.Group');
  const client = SchemaRegistryClient.newClient({ baseURLs: ['mock://protobuf'] });
  const serializer = new ProtobufSerializer(
    client, SerdeType.VALUE,
    { autoRegisterSchemas: true, registry: createMutableRegistry(loan, group) });
  const messages = rows.map((row) => create(loan, Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      name === 'group'
        ? group.values.find((each) => each.name === value).number
        : typeof value === 'number' ? BigInt(value) : value,
    ]))));
  await write('protobuf', client, serializer, 'loans', messages);
}

main();
