using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MiniKube.Api.Serialization;

/// <summary>Writes nodes as YAML in go-yaml's style: sorted keys, plain text where it reads back as the same string.</summary>
internal sealed class YamlWriter
{
    private readonly Emitter _emitter;

    private YamlWriter(TextWriter output) =>
        _emitter = new Emitter(output, new EmitterSettings().WithBestIndent(2).WithBestWidth(int.MaxValue));

    public static string Write(JsonObject obj)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var writer = new YamlWriter(output);
        writer._emitter.Emit(new StreamStart());
        writer._emitter.Emit(new DocumentStart());
        writer.WriteNode(obj);
        writer._emitter.Emit(new DocumentEnd(isImplicit: true));
        writer._emitter.Emit(new StreamEnd());
        return output.ToString();
    }

    private void WriteNode(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject obj:
                _emitter.Emit(new MappingStart(
                    AnchorName.Empty, TagName.Empty, isImplicit: true, obj.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (key, value) in obj.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    WriteString(key);
                    WriteNode(value);
                }

                _emitter.Emit(new MappingEnd());
                break;
            case JsonArray array:
                _emitter.Emit(new SequenceStart(
                    AnchorName.Empty, TagName.Empty, isImplicit: true, array.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in array)
                {
                    WriteNode(item);
                }

                _emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                WriteString(value.GetValue<string>());
                break;
            default:
                WriteScalar(node is JsonValue scalar ? Encoding.UTF8.GetString(JsonCodec.WriteValue(scalar)) : "null", ScalarStyle.Plain);
                break;
        }
    }

    private void WriteString(string text) => WriteScalar(
        text,
        text.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Literal
        : YamlScalars.IsAmbiguous(text) ? ScalarStyle.DoubleQuoted
        : ScalarStyle.Any);

    private void WriteScalar(string text, ScalarStyle style) =>
        _emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: true, isQuotedImplicit: true));
}
