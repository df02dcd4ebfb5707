namespace MiniKube.ApiServer.Endpoints.Negotiation;

/// <summary>A media type with its parameters, from a Content-Type or one entry of an Accept header.</summary>
/// <param name="Name">Such as <c>application/json</c>, in lower case.</param>
/// <param name="As">Table, PartialObjectMetadata or PartialObjectMetadataList; empty for the object itself.</param>
/// <param name="Group">The group of <paramref name="As"/>.</param>
/// <param name="Version">The version of <paramref name="As"/>.</param>
/// <param name="Stream">watch, when the client asks for framed events.</param>
/// <param name="Quality">The weight of an Accept entry, 0 to 1.</param>
internal sealed record MediaType(string Name, string As = "", string Group = "", string Version = "", string Stream = "", double Quality = 1)
{
    public const string Json = "application/json";
    public const string Yaml = "application/yaml";
    public const string Protobuf = "application/vnd.kubernetes.protobuf";
    public const string ApplyPatch = "application/apply-patch+yaml";
    public const string JsonPatch = "application/json-patch+json";
    public const string MergePatch = "application/merge-patch+json";
    public const string StrategicMergePatch = "application/strategic-merge-patch+json";

    public static MediaType PlainJson { get; } = new(Json);

    /// <summary>Whether JSON for people is asked for (<c>pretty=1</c>).</summary>
    public bool IsPretty { get; private init; }

    /// <summary>Whether something else than the object itself is asked for.</summary>
    public bool IsTransformed => As.Length > 0 || Group.Length > 0 || Version.Length > 0;

    public static MediaType Parse(ReadOnlySpan<char> text)
    {
        var semicolon = text.IndexOf(';');
        var type = new MediaType((semicolon < 0 ? text : text[..semicolon]).Trim().ToString().ToLowerInvariant());
        while (semicolon >= 0)
        {
            text = text[(semicolon + 1)..];
            semicolon = text.IndexOf(';');
            type = type.With((semicolon < 0 ? text : text[..semicolon]).Trim());
        }

        return type;
    }

    private MediaType With(ReadOnlySpan<char> parameter)
    {
        var equals = parameter.IndexOf('=');
        if (equals < 0)
        {
            return this;
        }

        var value = parameter[(equals + 1)..].Trim().Trim('"').ToString();
        return parameter[..equals].Trim() switch
        {
            "as" => this with { As = value },
            "g" => this with { Group = value },
            "v" => this with { Version = value },
            "stream" => this with { Stream = value },
            "pretty" => this with { IsPretty = value == "1" },
            "q" when double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var quality) => this with { Quality = quality },
            _ => this,
        };
    }
}
