using System.Text;
using System.Text.Json.Nodes;

using YamlDotNet.Core;

namespace MiniKube.Api.Serialization;

/// <summary>
/// Between YAML text and nodes, as sigs.k8s.io/yaml on go-yaml 2: YAML 1.1's booleans (<c>yes</c>, <c>off</c>) and numbers, timestamps stay
/// strings, the first document counts. Nesting and what aliases may blow up are bounded. Errors are <see cref="DecodeException"/>s.
/// </summary>
public static class YamlCodec
{
    /// <summary>Reads an object. Keys that come twice are one strict error; the last counts.</summary>
    public static DecodedObject Parse(ReadOnlySpan<byte> utf8Yaml)
    {
        try
        {
            var reader = new YamlReader(Encoding.UTF8.GetString(utf8Yaml));
            var obj = reader.ReadDocument() as JsonObject
                ?? throw new DecodeException("json: cannot unmarshal a value that is no mapping into Go value of type map[string]interface {}");
            return new DecodedObject(obj, reader.DuplicateKeys.Count == 0 ? [] : [UnmarshalErrors(reader.DuplicateKeys)]);
        }
        catch (YamlException exception)
        {
            throw new DecodeException($"yaml: line {exception.Start.Line}: {exception.Message}");
        }
    }

    /// <summary>Writes an object with sorted keys, as upstream answers <c>Accept: application/yaml</c>.</summary>
    public static string Write(JsonObject obj) => YamlWriter.Write(obj);

    private static string UnmarshalErrors(IEnumerable<string> errors) => $"yaml: unmarshal errors:\n  {string.Join("\n  ", errors)}";
}
