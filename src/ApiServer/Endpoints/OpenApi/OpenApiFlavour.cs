namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>The two generations of OpenAPI that clients read. They say the same in different words.</summary>
internal enum OpenApiFlavour
{
    V2,
    V3,
}
