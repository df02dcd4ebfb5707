using System.Text.Json.Nodes;

using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MiniKube.Api.Serialization;

/// <summary>Makes nodes of the events of a YAML document.</summary>
internal sealed class YamlReader(string text)
{
    private const string MergeKey = "<<";

    private readonly Parser _parser = new(new Scanner(new StringReader(text), skipComments: true));
    private readonly Dictionary<string, JsonNode?> _anchors = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly List<string> _duplicateKeys = [];
    private int _depth;
    private long _nodes;
    private long _aliasedNodes;

    public IReadOnlyList<string> DuplicateKeys => _duplicateKeys;

    public JsonNode? ReadDocument()
    {
        Next();
        if (Next() is StreamEnd)
        {
            return null;
        }

        Next();
        return ReadNode();
    }

    private ParsingEvent Next()
    {
        if (!_parser.MoveNext() || _parser.Current is not { } current)
        {
            throw new DecodeException("yaml: unexpected end of stream");
        }

        return current;
    }

    // The current event starts the node; afterwards it is the node's last.
    private JsonNode? ReadNode()
    {
        _nodes++;
        var start = _parser.Current as NodeEvent;
        if (start is not null && !start.Anchor.IsEmpty)
        {
            _open.Add(start.Anchor.Value);
        }

        var node = _parser.Current switch
        {
            AnchorAlias alias => Resolve(alias.Value.Value),
            Scalar scalar => YamlScalars.Resolve(scalar),
            SequenceStart => Nested(ReadSequence),
            MappingStart => Nested(ReadMapping),
            _ => throw new DecodeException("yaml: unexpected event"),
        };

        if (start is not null && !start.Anchor.IsEmpty)
        {
            _open.Remove(start.Anchor.Value);
            _anchors[start.Anchor.Value] = node;
        }

        return node;
    }

    private JsonNode Nested(Func<JsonNode> read)
    {
        if (++_depth > JsonCodec.MaxDepth)
        {
            throw new DecodeException($"yaml: exceeded max depth of {JsonCodec.MaxDepth}");
        }

        var node = read();
        _depth--;
        return node;
    }

    private JsonArray ReadSequence()
    {
        var result = new JsonArray();
        while (Next() is not SequenceEnd)
        {
            result.Add(ReadNode());
        }

        return result;
    }

    private JsonObject ReadMapping()
    {
        var result = new JsonObject();
        List<JsonNode?>? merges = null;
        while (Next() is not MappingEnd)
        {
            var isMerge = _parser.Current is Scalar { Style: ScalarStyle.Plain, Value: MergeKey };
            var key = YamlScalars.Key(ReadNode());
            var line = Next().Start.Line;
            var value = ReadNode();
            if (isMerge)
            {
                (merges ??= []).Add(value);
                continue;
            }

            if (result.ContainsKey(key))
            {
                _duplicateKeys.Add($"line {line}: key \"{key}\" already set in map");
            }

            result[key] = value;
        }

        merges?.ForEach(merged => Merge(result, merged));
        return result;
    }

    // What the mapping says itself wins over what it merges.
    private static void Merge(JsonObject target, JsonNode? source)
    {
        switch (source)
        {
            case JsonObject mapping:
                foreach (var (key, value) in mapping)
                {
                    if (!target.ContainsKey(key))
                    {
                        target[key] = value?.DeepClone();
                    }
                }

                break;
            case JsonArray list when list.All(item => item is JsonObject):
                foreach (var item in list)
                {
                    Merge(target, item);
                }

                break;
            default:
                throw new DecodeException("yaml: map merge requires map or sequence of maps as the value");
        }
    }

    private JsonNode? Resolve(string anchor)
    {
        if (_open.Contains(anchor))
        {
            throw new DecodeException($"yaml: anchor '{anchor}' value contains itself");
        }

        if (!_anchors.TryGetValue(anchor, out var node))
        {
            throw new DecodeException($"yaml: unknown anchor '{anchor}' referenced");
        }

        // Counted before it is copied: a short text must not become a large object ("billion laughs").
        Count(node, _depth);
        return node?.DeepClone();
    }

    private void Count(JsonNode? node, int depth)
    {
        _nodes++;
        _aliasedNodes++;
        if (_aliasedNodes > 100 && _nodes > 1000 && _aliasedNodes > _nodes * AllowedAliasRatio())
        {
            throw new DecodeException("yaml: document contains excessive aliasing");
        }

        if (depth > JsonCodec.MaxDepth)
        {
            throw new DecodeException($"yaml: exceeded max depth of {JsonCodec.MaxDepth}");
        }

        foreach (var child in node switch { JsonObject obj => obj.Select(member => member.Value), JsonArray array => array, _ => [] })
        {
            Count(child, depth + 1);
        }
    }

    // go-yaml's rule: documents of any sensible size may consist of aliases almost wholly, great ones to a tenth.
    private double AllowedAliasRatio() => _nodes switch
    {
        <= 400_000 => 0.99,
        >= 4_000_000 => 0.10,
        _ => 0.99 - (0.89 * (_nodes - 400_000) / 3_600_000),
    };
}
