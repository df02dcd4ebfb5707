using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Endpoints.Tables;

/// <summary>The query's <c>includeObject</c> of a Table: metadata when it is absent.</summary>
internal static class TableQuery
{
    public static IncludeObject Read(ApiRequest request) => request.Http.Request.Query["includeObject"].ToString() switch
    {
        "" or "Metadata" => IncludeObject.Metadata,
        "None" => IncludeObject.None,
        "Object" => IncludeObject.Object,
        var other => throw StatusException.Invalid(
            new GroupVersionKind("meta.k8s.io", "v1", "TableOptions"), "", [FieldError.NotSupported("includeObject", other, "Metadata", "None", "Object")]),
    };
}
