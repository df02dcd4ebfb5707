using MiniKube.Api.Errors;
using MiniKube.ApiServer.Endpoints.Subresources;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>POST to <c>bindings</c>: the pod that the binding names is bound.</summary>
internal sealed class BindingEndpoint(BindingSubresource binding, ServedResource pods) : IEndpoint
{
    public Task HandleAsync(ApiRequest request, ServedResource resource) => request.Info.Name.Length == 0
        ? binding.HandleAsync(request, pods)
        : throw StatusException.MethodNotAllowed();
}
