using System.Text.Json.Nodes;

namespace MiniKube.Api.Serialization;

/// <summary>Between an object held as JSON and the typed models of the KubernetesClient package.</summary>
public static class ModelCodec
{
    public static T ToModel<T>(JsonObject obj) => throw new NotSupportedException();

    public static JsonObject ToJson<T>(T model) => throw new NotSupportedException();
}
