using MiniKube.ControllerManager;
using MiniKube.Hosting;

return await ComponentProgram.RunAsync(ControllerManagerCommand.Create(), args);
