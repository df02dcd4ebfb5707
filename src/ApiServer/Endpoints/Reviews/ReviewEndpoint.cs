using System.Collections.Frozen;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Reviews;

/// <summary>POST of a kind that is not stored: checks the question and answers with it and its status.</summary>
internal sealed class ReviewEndpoint(IEnumerable<IReview> reviews) : IEndpoint
{
    private readonly FrozenDictionary<string, IReview> _reviews = reviews.ToFrozenDictionary(review => review.Kind);

    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        if (request.Info.Verb != "create" || request.Info.Name.Length > 0 || !_reviews.TryGetValue(resource.Kind.Kind, out var review))
        {
            throw StatusException.MethodNotAllowed();
        }

        // Nothing is stored, so a dry run is no different; but its value is checked.
        var write = WriteQuery.Read(request, resource, "CreateOptions");
        var validation = FieldValidationQuery.Read(request.Http.Request.Query, "CreateOptions");
        var obj = await BodyDecoder.ReadObjectAsync(request, resource.Strategy, validation);
        if (resource.Strategy.NamespaceScoped)
        {
            ObjectMetadata.EnsureNamespace(obj, write.Namespace);
        }

        var errors = resource.Strategy.Validate(obj).ToList();
        if (errors.Count > 0)
        {
            throw StatusException.Invalid(resource.Kind, "", errors);
        }

        obj["status"] = await review.AnswerAsync(request, obj);
        await ObjectAnswer.WriteAsync(request, StatusCodes.Status201Created, resource.Kind, JsonCodec.Write(obj, resource.Strategy.Type));
    }
}
