using Microsoft.Extensions.Primitives;

using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Endpoints.Negotiation;

/// <summary>Chooses the form of an answer.</summary>
internal static class AcceptHeader
{
    /// <summary>The first entry that is supported, by weight, then by order; JSON without a header. Throws NotAcceptable.</summary>
    public static MediaType Choose(StringValues header, Func<MediaType, bool> supports)
    {
        if (header.Count == 0 || (header.Count == 1 && header[0] is null or "" or "*/*" or MediaType.Json))
        {
            return MediaType.PlainJson;
        }

        var entries = header.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(entry => MediaType.Parse(entry));
        foreach (var entry in entries.Where(entry => entry.Quality > 0).OrderByDescending(entry => entry.Quality))
        {
            var concrete = entry.Name is "*/*" or "application/*" ? entry with { Name = MediaType.Json } : entry;
            if (supports(concrete))
            {
                return concrete;
            }
        }

        throw StatusException.NotAcceptable(MediaType.Json, MediaType.Yaml, MediaType.Protobuf);
    }

    /// <summary>The object itself in JSON, YAML or protobuf; a Table or the metadata in JSON.</summary>
    public static MediaType ChooseObject(StringValues header) => Choose(
        header, type => IsJson(type) || type is { Name: MediaType.Yaml or MediaType.Protobuf, As: "" });

    /// <summary>What a watch is written in.</summary>
    public static MediaType ChooseWatch(StringValues header) => Choose(header, IsJson);

    private static bool IsJson(MediaType type) => type switch
    {
        { Name: MediaType.Json, As: "" } => true,
        { Name: MediaType.Json, Group: "meta.k8s.io", Version: "v1" or "v1beta1", As: "Table" or "PartialObjectMetadata" or "PartialObjectMetadataList" } => true,
        _ => false,
    };
}
