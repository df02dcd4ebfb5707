using System.Runtime.InteropServices;
using System.Text;

using MiniKube.Api.Errors;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Endpoints;

/// <summary><c>/version</c>: the version of the API that is served, which kubectl compares with its own.</summary>
internal sealed class VersionEndpoint : IPathEndpoint
{
    private static readonly ReadOnlyMemory<byte> Version = Encoding.UTF8.GetBytes(
        $$"""
        {
          "major": "1",
          "minor": "34",
          "emulationMajor": "1",
          "emulationMinor": "34",
          "minCompatibilityMajor": "1",
          "minCompatibilityMinor": "33",
          "gitVersion": "v1.34.0",
          "gitCommit": "",
          "gitTreeState": "clean",
          "buildDate": "1970-01-01T00:00:00Z",
          "goVersion": "",
          "compiler": "{{RuntimeInformation.FrameworkDescription}}",
          "platform": "linux/{{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64")}}"
        }
        """);

    public async Task<bool> TryHandleAsync(ApiRequest request)
    {
        if (request.Info.Path is not ("/version" or "/version/"))
        {
            return false;
        }

        if (request.Info.Verb != "get")
        {
            throw StatusException.MethodNotAllowed();
        }

        await Answer.WriteAsync(request, 200, MediaType.Json, [Version]);
        return true;
    }
}
