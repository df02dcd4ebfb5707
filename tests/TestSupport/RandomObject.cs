using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Schema;

namespace MiniKube.TestSupport;

/// <summary>Makes objects of any type out of the type's fields alone.</summary>
public sealed class RandomObject(Random random)
{
    private const int MaxDepth = 7;

    private static readonly string[] Texts = ["", "a", "web-1", "ü 你 😀", "<&>\"\\", "line\nbreak", new('x', 300)];
    private static readonly string[] Quantities = ["0", "1", "100m", "1Gi", "1500M", "-3", "2Ki"];

    public JsonObject OfKind(ObjectType type)
    {
        var obj = Fields(type, 0);
        obj["kind"] = type.GroupVersionKind.Kind;
        obj["apiVersion"] = type.GroupVersionKind.ApiVersion;
        return obj;
    }

    private JsonObject Fields(ObjectType type, int depth)
    {
        var obj = new JsonObject();
        foreach (var field in type.Declared)
        {
            if (field.IsInline && field.ProtobufNumber > 0)
            {
                foreach (var (name, value) in Fields(field.Type.Object!, depth).ToList())
                {
                    obj[name] = value?.DeepClone();
                }
            }
            else if (!field.IsInline && random.Next(MaxDepth) >= depth)
            {
                obj[field.Name] = Value(field.Type, depth + 1);
            }
        }

        return obj;
    }

    private JsonNode? Value(TypeRef type, int depth) => type.Kind switch
    {
        ValueKind.String => Texts[random.Next(Texts.Length)],
        ValueKind.Boolean => random.Next(2) == 0,
        ValueKind.Integer => Integer(type.Bits),
        ValueKind.Float => Math.Round(random.NextDouble() * 1000, 3) + 0.0001,
        ValueKind.Bytes => Convert.ToBase64String(Bytes()),
        ValueKind.Object => Fields(type.Object!, depth),
        ValueKind.List => new JsonArray([.. Items(() => Value(type.Element!, depth))]),
        ValueKind.Map => new JsonObject(Items(() => Value(type.Element!, depth)).Select((item, i) => KeyValuePair.Create($"key{i}/<", item))),
        ValueKind.Quantity => Quantities[random.Next(Quantities.Length)],
        ValueKind.IntOrString => random.Next(2) == 0 ? Integer(32) : Texts[random.Next(Texts.Length)],
        ValueKind.Time => Time().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ValueKind.MicroTime => Time().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        ValueKind.Duration => "1m30s",
        ValueKind.Any => new JsonObject { ["f:a"] = new JsonArray(1L, "x", null, 1.5), ["f:b"] = new JsonObject() },
        ValueKind.SchemaOrArray when random.Next(2) == 0 => new JsonArray(Schema(type, depth), Schema(type, depth)),
        ValueKind.SchemaOrStringArray when random.Next(2) == 0 => new JsonArray("a", "b"),
        ValueKind.SchemaOrBool when random.Next(2) == 0 => random.Next(2) == 0,
        ValueKind.SchemaOrArray or ValueKind.SchemaOrStringArray or ValueKind.SchemaOrBool => Schema(type, depth),
        _ => throw new InvalidOperationException(type.ToString()),
    };

    private JsonObject Schema(TypeRef union, int depth) => Fields(union.Object!.Fields["schema"].Type.Object!, depth);

    private List<JsonNode?> Items(Func<JsonNode?> item) => [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => item())];

    private long Integer(int bits) => random.Next(4) switch
    {
        0 => 0,
        1 => -1,
        2 => bits == 32 ? int.MaxValue : long.MinValue,
        _ => random.Next(1, 100_000),
    };

    private byte[] Bytes()
    {
        var bytes = new byte[random.Next(1, 20)];
        random.NextBytes(bytes);
        return bytes;
    }

    private DateTime Time() => DateTime.UnixEpoch.AddTicks(random.NextInt64(0, 4_000_000_000) * TimeSpan.TicksPerSecond).AddMicroseconds(random.Next(1_000_000));
}
