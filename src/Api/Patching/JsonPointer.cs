using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;

namespace MiniKube.Api.Patching;

/// <summary>A place in a document (RFC 6901), split into the container and the last step.</summary>
internal readonly struct JsonPointer
{
    private readonly string[] _steps;

    private JsonPointer(string[] steps) => _steps = steps;

    public bool IsRoot => _steps.Length == 0;

    private string Last => _steps[^1];

    /// <exception cref="StatusException">The text is no pointer.</exception>
    public static JsonPointer Parse(string text)
    {
        if (text.Length == 0)
        {
            return new JsonPointer([]);
        }

        if (text[0] != '/')
        {
            throw StatusException.Unprocessable();
        }

        var steps = text[1..].Split('/');
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i] = steps[i].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        }

        return new JsonPointer(steps);
    }

    /// <summary>Whether this place lies within the other one.</summary>
    public bool IsBelow(JsonPointer other) =>
        _steps.Length > other._steps.Length && _steps.AsSpan(0, other._steps.Length).SequenceEqual(other._steps);

    /// <summary>Whether there is a value, null included.</summary>
    public bool TryGet(JsonNode? root, out JsonNode? value)
    {
        value = root;
        foreach (var step in _steps)
        {
            if (!TryStep(ref value, step))
            {
                return false;
            }
        }

        return true;
    }

    public void Add(JsonNode? root, JsonNode? value)
    {
        switch (Container(root))
        {
            case JsonObject container:
                container[Last] = value;
                break;
            case JsonArray container when Last == "-":
                container.Add(value);
                break;
            case JsonArray container when TryParseIndex(Last, out var index) && index <= container.Count:
                container.Insert(index, value);
                break;
            default:
                throw StatusException.Unprocessable();
        }
    }

    public void Replace(JsonNode? root, JsonNode? value)
    {
        switch (Container(root))
        {
            case JsonObject container when container.ContainsKey(Last):
                container[Last] = value;
                break;
            case JsonArray container when TryParseIndex(Last, out var index) && index < container.Count:
                container[index] = value;
                break;
            default:
                throw StatusException.Unprocessable();
        }
    }

    /// <summary>Takes the value out of the document.</summary>
    public JsonNode? Remove(JsonNode? root)
    {
        switch (Container(root))
        {
            case JsonObject container when container.TryGetPropertyValue(Last, out var value):
                container.Remove(Last);
                return value;
            case JsonArray container when TryParseIndex(Last, out var index) && index < container.Count:
                var item = container[index];
                container.RemoveAt(index);
                return item;
            default:
                throw StatusException.Unprocessable();
        }
    }

    private static bool TryStep(ref JsonNode? value, string step)
    {
        if (value is JsonObject container)
        {
            return container.TryGetPropertyValue(step, out value);
        }

        if (value is not JsonArray list || !TryParseIndex(step, out var index) || index >= list.Count)
        {
            return false;
        }

        value = list[index];
        return true;
    }

    // No sign and no leading zero (RFC 6901).
    private static bool TryParseIndex(string step, out int index) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out index) && (step.Length == 1 || step[0] != '0');

    private JsonNode? Container(JsonNode? root)
    {
        var value = root;
        foreach (var step in _steps.AsSpan(0, Math.Max(0, _steps.Length - 1)))
        {
            if (!TryStep(ref value, step))
            {
                return null;
            }
        }

        return IsRoot ? null : value;
    }
}
