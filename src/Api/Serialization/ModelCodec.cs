using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

using k8s;
using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Api.Schema;

namespace MiniKube.Api.Serialization;

/// <summary>Between an object held as JSON and the typed models of the KubernetesClient package.</summary>
public static class ModelCodec
{
    private static readonly JsonSerializerOptions Options = CaptureOptions();

    /// <summary>The typed view of an object. What the model does not know is not in it.</summary>
    public static T ToModel<T>(JsonObject obj) =>
        obj.Deserialize<T>(Options) ?? throw new DecodeException($"{typeof(T).Name} cannot be read of null.");

    public static T ToModel<T>(ReadOnlySpan<byte> utf8Json) =>
        JsonSerializer.Deserialize<T>(utf8Json, Options) ?? throw new DecodeException($"{typeof(T).Name} cannot be read of null.");

    /// <summary>A model as JSON; of a kind that the table of types knows, in canonical form: times in whole seconds, only MicroTime with decimals.</summary>
    public static JsonObject ToJson<T>(T model)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(model, Options);
        return ModelType<T>.Type is { } type ? ObjectDecoder.Decode(bytes, type).Object : JsonCodec.Parse(bytes);
    }

    // The package keeps its options, and the converters in them, to itself, but hands them to whoever adds to them. They are shared, not copied:
    // what the serializer learns of a type is kept once. Schemas of custom resources nest deeper than the serializer's default.
    private static JsonSerializerOptions CaptureOptions()
    {
        JsonSerializerOptions? captured = null;
        KubernetesJson.AddJsonOptions(options => captured = options);
        if (captured is null)
        {
            throw new InvalidOperationException("The KubernetesClient package did not hand out its JSON options.");
        }

        if (captured.IsReadOnly)
        {
            return new JsonSerializerOptions(captured) { MaxDepth = JsonCodec.MaxDepth };
        }

        captured.MaxDepth = JsonCodec.MaxDepth;
        return captured;
    }

    private static class ModelType<T>
    {
        public static ObjectType? Type { get; } = typeof(T).GetCustomAttribute<KubernetesEntityAttribute>() is { } entity
            ? TypeGraph.BuiltIn.Find(new GroupVersionKind(entity.Group, entity.ApiVersion, entity.Kind))
            : null;
    }
}
