using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.Api.Serialization.Protobuf;

namespace MiniKube.ApiServer.Tests.CustomResources;

/// <summary>What the OpenAPI documents say of a custom resource, in each of their forms.</summary>
[Collection(ServerCollection.Name)]
public sealed class PublishedSchemaTests(ServerFixture fixture)
{
    private const string Schema = """
        { "type": "object", "description": "A shirt.", "properties": { "spec": { "type": "object", "required": ["color"], "properties": {
          "color": { "type": "string", "enum": ["red", "blue"], "title": "Colour", "pattern": "^[a-z]+$", "minLength": 3, "maxLength": 4 },
          "size": { "type": "integer", "minimum": 1, "maximum": 60, "default": 40, "nullable": true },
          "tags": { "type": "array", "items": { "type": "string" }, "maxItems": 3, "x-kubernetes-list-type": "set" },
          "free": { "type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": { "known": { "type": "string" } } } } } } }
        """;

    [Fact]
    public async Task Schema_InEachForm_SaysWhatTheDefinitionSays()
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.DefineAsync(Definitions.CronTab("published.example.com", Schema, """, "selectableFields": [ { "jsonPath": ".spec.color" } ]"""));
        const string name = "com.example.published.v1.CronTab";

        var v3 = (await client.GetAsync("/openapi/v3/apis/published.example.com/v1")).Json.ObjectAt("components", "schemas", name)!;
        var v2 = (await client.GetAsync("/openapi/v2")).Json.ObjectAt("definitions", name)!;

        AssertSame("""{"type":"integer","minimum":1,"maximum":60,"default":40,"nullable":true}""", v3.At("properties", "spec", "properties", "size"));
        AssertSame("""[{"fieldPath":"spec.color"}]""", v3["x-kubernetes-selectable-fields"]);
        Assert.Equal(v3.At("properties", "spec", "properties", "color")!.ToJsonString(), v2.At("properties", "spec", "properties", "color")!.ToJsonString());

        // OpenAPI 2 says less: no defaults, nothing of what may be null, and no names of fields beside which there are others.
        AssertSame("""{"minimum":1,"maximum":60}""", v2.At("properties", "spec", "properties", "size"));
        AssertSame("""{"type":"object","x-kubernetes-preserve-unknown-fields":true}""", v2.At("properties", "spec", "properties", "free"));
        AssertSame("""[{"fieldPath":"spec.color"}]""", v2["x-kubernetes-selectable-fields"]);
        Assert.True(JsonNode.DeepEquals(v2.At("properties", "spec", "properties", "color"), await ReadProtobufAsync(client, name, "spec", "color")));
    }

    private static void AssertSame(string expected, JsonNode? actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());

    // Of the message Document: definitions, their entry of that name, and in it the properties on the path.
    private static async Task<JsonObject> ReadProtobufAsync(ApiClient client, string name, params IEnumerable<string> path)
    {
        var (response, body) = await client.SendBytesAsync(
            HttpMethod.Get, "/openapi/v2", null, "", "Accept: application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
        using (response)
        {
            var schema = Entry(Field(body, 9), 1, name);
            foreach (var step in path)
            {
                schema = Entry(Field(schema, 25), 1, step);
            }

            return Read(schema);
        }
    }

    private static byte[] Field(byte[] message, int number)
    {
        var reader = new WireReader(message);
        while (reader.TryReadTag())
        {
            if (reader.FieldNumber == number)
            {
                return reader.ReadBytes().ToArray();
            }

            reader.Skip();
        }

        throw new InvalidOperationException($"There is no field {number}.");
    }

    private static byte[] Entry(byte[] map, int number, string name)
    {
        var reader = new WireReader(map);
        while (reader.TryReadTag())
        {
            Assert.Equal(number, reader.FieldNumber);
            var entry = reader.ReadBytes().ToArray();
            if (System.Text.Encoding.UTF8.GetString(Field(entry, 1)) == name)
            {
                return Field(entry, 2);
            }
        }

        throw new InvalidOperationException($"There is no {name}.");
    }

    private static JsonObject Read(byte[] message)
    {
        var schema = new JsonObject();
        var reader = new WireReader(message);
        while (reader.TryReadTag())
        {
            switch (reader.FieldNumber)
            {
                case 3:
                    schema["title"] = reader.ReadString();
                    break;
                case 11 or 12:
                    schema[reader.FieldNumber == 11 ? "maxLength" : "minLength"] = reader.ReadVarint();
                    break;
                case 13:
                    schema["pattern"] = reader.ReadString();
                    break;
                case 20:
                    if (!schema.ContainsKey("enum"))
                    {
                        schema["enum"] = new JsonArray();
                    }

                    ((JsonArray)schema["enum"]!).Add(JsonNode.Parse(Field(reader.ReadBytes().ToArray(), 2)));
                    break;
                case 22:
                    schema["type"] = System.Text.Encoding.UTF8.GetString(Field(reader.ReadBytes().ToArray(), 1));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return schema;
    }
}
