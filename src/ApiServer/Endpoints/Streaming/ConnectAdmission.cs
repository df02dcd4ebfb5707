using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.ApiServer.Admission;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Streaming;

/// <summary>Admission has its say before a client is joined with a backend: the options of the connection are the object.</summary>
internal sealed class ConnectAdmission(AdmissionChain admission)
{
    public async Task AdmitAsync(ApiRequest request, ServedResource resource, GroupVersionKind kind)
    {
        var (info, options) = (request.Info, new JsonObject { ["kind"] = kind.Kind, ["apiVersion"] = kind.ApiVersion });
        foreach (var (name, values) in request.Http.Request.Query)
        {
            options[name] = name == "command" ? new JsonArray([.. values.Select(value => JsonValue.Create(value))]) : values.ToString();
        }

        var write = new WriteRequest(resource, info.Namespace, info.Name, request.User, info.Subresource);
        var attributes = new AdmissionAttributes(AdmissionOperation.Connect, write, options, null);
        await admission.MutateAsync(attributes, request.Cancellation);
        await admission.ValidateAsync(attributes, request.Cancellation);
    }
}
