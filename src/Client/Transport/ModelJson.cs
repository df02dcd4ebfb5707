using System.Text.Json;

using k8s;

namespace MiniKube.Client.Transport;

/// <summary>The package's JSON of its models, as bytes: its own methods go through strings.</summary>
internal static class ModelJson
{
    private static readonly JsonSerializerOptions Options = PackageOptions();

    public static byte[] Serialize(object value) => JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), Options);

    public static T Deserialize<T>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"The server sent null for a {typeof(T).Name}.");

    public static T Deserialize<T>(ref Utf8JsonReader reader) =>
        JsonSerializer.Deserialize<T>(ref reader, Options) ?? throw new JsonException($"The server sent null for a {typeof(T).Name}.");

    // The package hands its options out for configuration only.
    private static JsonSerializerOptions PackageOptions()
    {
        JsonSerializerOptions? options = null;
        KubernetesJson.AddJsonOptions(found => options = found);
        return options ?? throw new InvalidOperationException("The KubernetesClient package did not hand out its JSON options.");
    }
}
