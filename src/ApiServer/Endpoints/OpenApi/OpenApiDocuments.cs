using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>
/// The documents of the resources that are served. Each is made when it is first asked for and kept compressed until what it tells of changes; clients that
/// ask at the same time wait for one making. Their hashes need no making: equal builds serve equal documents for equal resources, so that all masters agree.
/// </summary>
internal sealed class OpenApiDocuments(ResourceCatalog catalog, IReadOnlyList<ISubresource> subresources)
{
    public const string Title = "Kubernetes";
    public const string Version = "v1.34.0";

    private const string V2Json = "v2.json";
    private const string V2Protobuf = "v2.pb";

    private readonly ConcurrentDictionary<string, Lazy<OpenApiDocument>> _documents = new(StringComparer.Ordinal);
    private volatile Edition? _edition;

    /// <summary>The list of the documents of OpenAPI 3, with addresses that change when they do.</summary>
    public JsonObject Index()
    {
        var edition = CurrentEdition();
        return new JsonObject
        {
            ["paths"] = new JsonObject(edition.Model.Groups.Select(group => group.Key).Concat(edition.Model.General).Order(StringComparer.Ordinal)
                .Select(key => KeyValuePair.Create(key, (JsonNode?)new JsonObject { ["serverRelativeURL"] = AddressOf(key, edition.HashOf(key)) }))),
        };
    }

    public static string AddressOf(string key, string hash) => $"/openapi/v3/{key}?hash={hash}";

    /// <summary>A document of OpenAPI 3, such as <c>apis/apps/v1</c> or <c>version</c>; null if there is none of that name.</summary>
    public OpenApiDocument? V3(string key) => CurrentEdition() is var edition && (edition.Model.Groups.Contains(key) || edition.Model.General.Contains(key))
        ? Get(key, edition, output => OpenApiJsonWriter.WriteV3(output, edition.Model, key))
        : null;

    public OpenApiDocument V2(bool protobuf)
    {
        var edition = CurrentEdition();
        return protobuf
            ? Get(V2Protobuf, edition, output => output.Write(GnosticWriter.Write(edition.Model)))
            : Get(V2Json, edition, output => OpenApiJsonWriter.WriteV2(output, edition.Model));
    }

    private Edition CurrentEdition()
    {
        var current = catalog.Current;
        var edition = _edition;
        return edition?.Catalog == current
            ? edition
            : _edition = new Edition(current, OpenApiModelFactory.Create(current.All, subresources));
    }

    private OpenApiDocument Get(string key, Edition edition, Action<Stream> write)
    {
        var hash = edition.HashOf(key);
        var document = _documents.GetOrAdd(key, _ => Promise()).Value;
        return document.Hash == hash ? document : (_documents[key] = Promise()).Value;

        Lazy<OpenApiDocument> Promise() => new(() => Make(hash, write));
    }

    private static OpenApiDocument Make(string hash, Action<Stream> write)
    {
        using var compressed = new MemoryStream();
        using var counted = new CountingStream(new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true));
        write(counted);
        counted.Close();
        return new OpenApiDocument(hash, compressed.ToArray(), counted.Count);
    }

    /// <summary>What the documents tell of at one state of the catalog.</summary>
    private sealed class Edition(CatalogSnapshot catalog, OpenApiModel model)
    {
        private readonly ConcurrentDictionary<string, string> _hashes = new(StringComparer.Ordinal);

        public CatalogSnapshot Catalog { get; } = catalog;

        public OpenApiModel Model { get; } = model;

        // What a document says follows from this build (the table of types, the texts) and the resources that it tells of.
        public string HashOf(string key) => _hashes.GetOrAdd(key, MakeHash);

        private string MakeHash(string key)
        {
            var resources = key is V2Json or V2Protobuf ? Model.Resources : Model.Groups[key];
            var source = new StringBuilder(key).Append(typeof(OpenApiDocuments).Module.ModuleVersionId).Append(typeof(Api.Schema.TypeGraph).Module.ModuleVersionId);
            foreach (var resource in resources)
            {
                source.Append('|').Append(resource.Kind).Append(resource.Plural).Append(resource.Namespaced).AppendJoin(',', resource.Verbs)
                    .AppendJoin(',', resource.Subresources.Select(subresource => subresource.Name)).Append(resource.Custom?.Hash);
            }

            return Convert.ToHexString(SHA512.HashData(Encoding.UTF8.GetBytes(source.ToString())));
        }
    }
}
