namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>Descriptions that every kind shares.</summary>
internal static class Texts
{
    private const string Conventions = "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";

    public const string Kind =
        "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. "
        + $"Cannot be updated. In CamelCase. More info: {Conventions}#types-kinds";

    public const string ApiVersion =
        "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, "
        + $"and may reject unrecognized values. More info: {Conventions}#resources";

    public const string Metadata = $"Standard object's metadata. More info: {Conventions}#metadata";

    public const string ListMetadata = $"Standard list metadata. More info: {Conventions}#types-kinds";

    /// <summary>Of the items of a list.</summary>
    public static string Items(string plural) => $"List of {plural}. More info: {Conventions}";
}
