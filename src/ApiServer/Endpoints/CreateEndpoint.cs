using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>POST to a collection.</summary>
internal sealed class CreateEndpoint(CreateOperation operation, ObjectAnswer answer) : IEndpoint
{
    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        if (request.Info.Name.Length > 0)
        {
            throw StatusException.MethodNotAllowed();
        }

        var write = WriteQuery.Read(request, resource, "CreateOptions");
        var validation = FieldValidationQuery.Read(request.Http.Request.Query, "CreateOptions");
        var obj = await BodyDecoder.ReadObjectAsync(request, resource.Strategy, validation);
        var result = await operation.CreateAsync(write, obj, request.Cancellation);
        request.CreatedName = result.Object.StringAt("metadata", "name");
        await answer.WriteAsync(request, resource, 201, result);
    }
}
