using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>
/// The documents of one set of resources. Each is made when it is first asked for and kept compressed; clients that ask at the same time wait for one
/// making. Their hashes need no making: equal builds serve equal documents for equal resources, so that all masters agree.
/// </summary>
internal sealed class OpenApiDocuments(OpenApiModel model)
{
    public const string Title = "Kubernetes";
    public const string Version = "v1.34.0";

    private const string V2Json = "v2.json";
    private const string V2Protobuf = "v2.pb";

    private readonly ConcurrentDictionary<string, Lazy<OpenApiDocument>> _documents = new(StringComparer.Ordinal);

    /// <summary>The list of the documents of OpenAPI 3, with addresses that change when they do.</summary>
    public JsonObject Index() => new()
    {
        ["paths"] = new JsonObject(model.Groups.Select(group => KeyValuePair.Create(
            group.Key, (JsonNode?)new JsonObject { ["serverRelativeURL"] = AddressOf(group.Key) }))),
    };

    public string AddressOf(string key) => $"/openapi/v3/{key}?hash={HashOf(key)}";

    /// <summary>A document of OpenAPI 3, such as <c>apis/apps/v1</c>; null if there is no such group version.</summary>
    public OpenApiDocument? V3(string key) =>
        model.Groups.Contains(key) ? Get(key, output => OpenApiJsonWriter.WriteV3(output, model, key)) : null;

    public OpenApiDocument V2(bool protobuf) => protobuf
        ? Get(V2Protobuf, output => output.Write(GnosticWriter.Write(model)))
        : Get(V2Json, output => OpenApiJsonWriter.WriteV2(output, model));

    private OpenApiDocument Get(string key, Action<Stream> write) =>
        _documents.GetOrAdd(key, _ => new Lazy<OpenApiDocument>(() => Make(HashOf(key), write))).Value;

    private static OpenApiDocument Make(string hash, Action<Stream> write)
    {
        using var compressed = new MemoryStream();
        using var counted = new CountingStream(new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true));
        write(counted);
        counted.Close();
        return new OpenApiDocument(hash, compressed.ToArray(), counted.Count);
    }

    // What a document says follows from this build (the table of types, the texts) and the resources that it tells of.
    private string HashOf(string key)
    {
        var resources = model.Groups.Contains(key) ? model.Groups[key] : model.Resources;
        var source = new StringBuilder(key).Append(typeof(OpenApiDocuments).Module.ModuleVersionId).Append(typeof(Api.Schema.TypeGraph).Module.ModuleVersionId);
        foreach (var resource in resources)
        {
            source.Append('|').Append(resource.Kind).Append(resource.Plural).Append(resource.Namespaced).AppendJoin(',', resource.Verbs)
                .AppendJoin(',', resource.Subresources.Select(subresource => subresource.Name));
        }

        return Convert.ToHexString(SHA512.HashData(Encoding.UTF8.GetBytes(source.ToString())));
    }
}
