using Microsoft.Extensions.Primitives;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Schema;

namespace MiniKube.ApiServer.Endpoints.Negotiation;

/// <summary>Chooses the form of an answer as upstream does: the entries by weight, wildcards last; for each the first encoding that fits.</summary>
internal static class AcceptHeader
{
    private static readonly string[] Encodings = [MediaType.Json, MediaType.Yaml, MediaType.Protobuf];
    private static readonly string[] StreamEncodings = [$"{MediaType.Json};stream=watch", $"{MediaType.Protobuf};stream=watch"];

    /// <summary>The best entry that is supported, with a concrete name; JSON without a header; null when there is none.</summary>
    public static MediaType? Find(StringValues header, Func<MediaType, bool> supports)
    {
        if (header.Count == 0 || (header.Count == 1 && header[0] is null or "" or "*/*" or MediaType.Json))
        {
            return MediaType.PlainJson;
        }

        var entries = header.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(entry => MediaType.Parse(entry));
        foreach (var entry in entries.OrderByDescending(entry => entry.Quality).ThenBy(Wildcards))
        {
            foreach (var encoding in Encodings)
            {
                if (entry.Name == encoding || entry.Name is "*/*" or "application/*")
                {
                    var concrete = entry with { Name = encoding };
                    if (supports(concrete))
                    {
                        return concrete;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>As <see cref="Find"/>; throws NotAcceptable when there is none.</summary>
    public static MediaType Choose(StringValues header, Func<MediaType, bool> supports) =>
        Find(header, supports) ?? throw StatusException.NotAcceptable(Encodings);

    /// <summary>The object itself in JSON, YAML or (not for custom resources) protobuf; a Table in JSON or YAML; the metadata in any.</summary>
    public static MediaType ChooseObject(StringValues header, GroupVersionKind kind) => Choose(header, type => IsServed(type, kind));

    /// <summary>The object itself, in any of its encodings.</summary>
    public static MediaType ChooseUntransformed(StringValues header, GroupVersionKind kind) => Choose(header, type => !type.IsTransformed && IsServed(type, kind));

    /// <summary>What a watch is written in: as an object, but there is no framing of YAML.</summary>
    public static MediaType ChooseWatch(StringValues header, GroupVersionKind kind) => ChooseObject(header, kind) is { Name: not MediaType.Yaml } chosen
        ? chosen
        : throw StatusException.NotAcceptable(StreamEncodings);

    private static int Wildcards(MediaType type) => type.Name switch
    {
        "*/*" => 2,
        ['a', ..] when type.Name.EndsWith("/*", StringComparison.Ordinal) => 1,
        _ => 0,
    };

    private static bool IsServed(MediaType type, GroupVersionKind kind) => type switch
    {
        { Stream: not ("" or "watch") } => false,
        { IsTransformed: false, Name: MediaType.Protobuf } => TypeGraph.BuiltIn.Find(kind) is not null,
        { IsTransformed: false } => true,
        { Group: not "meta.k8s.io" } or { Version: not ("v1" or "v1beta1") } => false,
        { As: "Table" } => type.Name != MediaType.Protobuf,

        // The old version's list has other field numbers, which no client asks for.
        { Name: MediaType.Protobuf, Version: "v1beta1" } => false,
        _ => type.As is "PartialObjectMetadata" or "PartialObjectMetadataList",
    };
}
