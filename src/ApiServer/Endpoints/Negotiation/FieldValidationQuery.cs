using MiniKube.Api.Errors;
using MiniKube.Api.Meta;

namespace MiniKube.ApiServer.Endpoints.Negotiation;

/// <summary>Reads <see cref="FieldValidation"/>.</summary>
internal static class FieldValidationQuery
{
    public static FieldValidation Read(IQueryCollection query, string optionsKind) => query["fieldValidation"].ToString() switch
    {
        "" or "Warn" => FieldValidation.Warn,
        "Strict" => FieldValidation.Strict,
        "Ignore" => FieldValidation.Ignore,
        var other => throw StatusException.Invalid(
            new GroupVersionKind("meta.k8s.io", "v1", optionsKind), "", [FieldError.NotSupported("fieldValidation", other, "Ignore", "Strict", "Warn")]),
    };
}
