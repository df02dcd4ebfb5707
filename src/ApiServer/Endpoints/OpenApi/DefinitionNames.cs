using MiniKube.Api.Schema;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>How upstream names types in the documents: Go's import path, domain reversed, with dots.</summary>
internal static class DefinitionNames
{
    public const string Quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    public const string IntOrString = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
    public const string RawExtension = "io.k8s.apimachinery.pkg.runtime.RawExtension";
    public const string Meta = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    public const string ApiExtensions = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";

    public static string Of(ObjectType type) => Of(type.Package, type.Name);

    /// <summary>The name of a kind of value that has a definition of its own; null for plain values.</summary>
    public static string? Of(TypeRef type) => type.Kind switch
    {
        ValueKind.Object or ValueKind.SchemaOrArray or ValueKind.SchemaOrBool or ValueKind.SchemaOrStringArray =>
            type.Object is { } fields ? Of(fields) : null,
        ValueKind.Quantity => Quantity,
        ValueKind.IntOrString => IntOrString,
        ValueKind.Time or ValueKind.MicroTime or ValueKind.Duration => Meta + type.Kind,
        ValueKind.Any => type.GoName switch
        {
            "runtime.RawExtension" => RawExtension,
            "v1.FieldsV1" => Meta + "FieldsV1",
            "v1.JSON" => ApiExtensions + "JSON",
            _ => null,
        },
        _ => null,
    };

    private static string Of(string package, string name)
    {
        var dotted = package.Replace('/', '.');
        return package[..Math.Max(package.IndexOf('/', StringComparison.Ordinal), 0)] switch
        {
            "meta" => $"io.k8s.apimachinery.pkg.apis.{dotted}.{name}",
            "apiextensions" => $"io.k8s.apiextensions-apiserver.pkg.apis.{dotted}.{name}",
            "apiregistration" => $"io.k8s.kube-aggregator.pkg.apis.{dotted}.{name}",
            "metrics" => $"io.k8s.metrics.pkg.apis.{dotted}.{name}",
            "" => $"io.k8s.apimachinery.pkg.{dotted}.{name}",
            var group when group.Contains('.', StringComparison.Ordinal) => $"{string.Join('.', group.Split('.').Reverse())}{dotted[group.Length..]}.{name}",
            _ => $"io.k8s.api.{dotted}.{name}",
        };
    }
}
